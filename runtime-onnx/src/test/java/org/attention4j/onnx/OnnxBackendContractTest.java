package org.attention4j.onnx;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.BackendContract;
import org.junit.jupiter.api.AfterAll;

/** ONNX Runtime on the processor keeps what every backend must. */
class OnnxBackendContractTest extends BackendContract {
    private static final Backend BACKEND = Backends.create(OnnxBackend.NAME, BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
