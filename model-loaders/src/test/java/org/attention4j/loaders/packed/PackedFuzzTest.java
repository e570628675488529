package org.attention4j.loaders.packed;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.primitives.Bytes;
import java.util.Arrays;

/** Any configuration and any tensors, with a byte of zeros between the two, are read or refused with one line. */
class PackedFuzzTest {
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        int end = Bytes.indexOf(bytes, (byte) 0);
        if (end >= 0) {
            byte[] config = Arrays.copyOf(bytes, end);
            byte[] file = Arrays.copyOfRange(bytes, end + 1, bytes.length);
            assertReadOrRefused(() -> PackedSample.readAll(config, file));
        }
    }
}
