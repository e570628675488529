package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are read as a GGUF file or refused with one line. */
class GgufFuzzTest {
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> GgufSample.readAll(GgufSample.read(bytes)));
    }
}
