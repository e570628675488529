package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are read as a safetensors file or refused with one line. */
class SafetensorsFuzzTest {
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> SafetensorsSample.readAll(SafetensorsSample.read(bytes)));
    }
}
