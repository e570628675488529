package org.attention4j.onnx.linearattention;

import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.LinearRecurrenceCases;
import org.attention4j.testkit.RecurrenceLaws;
import org.junit.jupiter.api.AfterAll;

/** Linear attention on ONNX Runtime is its step, whatever the decays and the length of a run. */
class OnnxLinearRecurrenceLawsTest extends RecurrenceLaws {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    @Override
    protected Stream<Case> cases() {
        return LinearRecurrenceCases.all();
    }

    @Override
    protected Backend backend() {
        return ONNX;
    }
}
