package org.attention4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.attention4j.core.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must be the products, for every weight type that is listed. */
class LinearBenchmarkTest {
    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void productsAreThoseOfTheReference(DType weights) {
        float[] expected = products("reference", weights);
        float[] actual = products("onnx", weights);
        assertEquals(expected.length, actual.length);
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            norm += (double) expected[i] * expected[i];
            difference += Math.pow(actual[i] - expected[i], 2);
        }
        double relative = Math.sqrt(difference / norm);
        assertTrue(relative < TOLERANCE, () -> "relative error " + relative);
    }

    private static float[] products(String backend, DType weights) {
        LinearBenchmark benchmark = new LinearBenchmark();
        benchmark.backend = backend;
        benchmark.weights = weights;
        benchmark.tokens = 3;
        benchmark.threads = 1;
        benchmark.lowering = LinearBenchmark.BEST;
        benchmark.layers = 1;
        benchmark.inner = 256;
        benchmark.outer = 512;
        benchmark.setup();
        try {
            return benchmark.products().toFloatArray();
        } finally {
            benchmark.close();
        }
    }
}
