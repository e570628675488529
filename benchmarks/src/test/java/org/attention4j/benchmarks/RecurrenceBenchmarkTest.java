package org.attention4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared must compute the same. */
class RecurrenceBenchmarkTest {
    /** Sums of a few dozen small numbers in float32. */
    private static final float TOLERANCE = 1e-5f;

    @ParameterizedTest
    @EnumSource
    void everyLoweringGivesWhatTheReferenceGives(RecurrenceBenchmark.Kind kind) {
        float[] expected = run("reference", "decomposed", kind);
        assertArrayEquals(expected, run("onnx", "decomposed", kind), TOLERANCE);
        assertArrayEquals(expected, run("onnx", "form_by_length", kind), TOLERANCE);
        if (kind != RecurrenceBenchmark.Kind.RWKV7 && kind != RecurrenceBenchmark.Kind.GATED_DELTA) {
            assertArrayEquals(expected, run("onnx", "linear_attention", kind), TOLERANCE);
        }
    }

    private static float[] run(String backend, String lowering, RecurrenceBenchmark.Kind kind) {
        RecurrenceBenchmark benchmark = new RecurrenceBenchmark();
        benchmark.backend = backend;
        benchmark.lowering = lowering;
        benchmark.kind = kind;
        benchmark.tokens = 70;
        benchmark.threads = 1;
        benchmark.heads = 2;
        benchmark.headDim = 4;
        benchmark.setup();
        try {
            benchmark.run();
            return benchmark.run().toFloatArray();
        } finally {
            benchmark.close();
        }
    }
}
