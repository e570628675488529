package org.attention4j.onnx.rwkv;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.RwkvLaws;
import org.junit.jupiter.api.AfterAll;

/** RWKV's mixers keep the laws of mixers, on ONNX Runtime, in float32. */
class OnnxRwkvLawsTest extends RwkvLaws {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    @Override
    protected Backend backend() {
        return ONNX;
    }

    @Override
    protected double tolerance() {
        return 2e-5;
    }
}
