package org.attention4j.onnx.recurrence;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.LongRecurrenceLaws;
import org.junit.jupiter.api.AfterAll;

/** Recurrences over thousands of tokens, in float32. */
class OnnxLongRecurrenceLawsTest extends LongRecurrenceLaws {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    @Override
    protected Backend backend() {
        return ONNX;
    }
}
