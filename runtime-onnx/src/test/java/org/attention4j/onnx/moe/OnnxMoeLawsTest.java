package org.attention4j.onnx.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.MoeLaws;

class OnnxMoeLawsTest extends MoeLaws {
    private static final Backend BACKEND = Backends.create("onnx", BackendOptions.DEFAULT);

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
