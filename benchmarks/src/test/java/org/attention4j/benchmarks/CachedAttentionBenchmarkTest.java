package org.attention4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared must compute the same. */
class CachedAttentionBenchmarkTest {
    @ParameterizedTest
    @ValueSource(strings = {"group_query_attention", "write_first", "decomposed"})
    void everyLoweringGivesWhatTheReferenceGives(String lowering) {
        assertArrayEquals(decode("reference", "decomposed"), decode("onnx", lowering), 1e-4f);
    }

    private static float[] decode(String backend, String lowering) {
        CachedAttentionBenchmark benchmark = new CachedAttentionBenchmark();
        benchmark.backend = backend;
        benchmark.lowering = lowering;
        benchmark.heads = 4;
        benchmark.kvHeads = 2;
        benchmark.headDim = 8;
        benchmark.cached = 5;
        benchmark.tokens = 1;
        benchmark.layers = 2;
        benchmark.threads = 1;
        benchmark.setup();
        try {
            benchmark.decode();
            return benchmark.decode().toFloatArray();
        } finally {
            benchmark.close();
        }
    }
}
