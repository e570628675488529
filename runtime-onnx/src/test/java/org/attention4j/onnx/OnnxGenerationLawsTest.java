package org.attention4j.onnx;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.GenerationLaws;
import org.junit.jupiter.api.AfterAll;

/** ONNX Runtime's logits give the tokens that the reference's give. */
class OnnxGenerationLawsTest extends GenerationLaws {
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
