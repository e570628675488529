package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Set;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of weights has the very values that other people's code gives it. */
class GgufQuantCasesTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void valuesAreEqualBitForBit(String backendName) {
        GoldenIndex index = GoldenIndex.read(GoldenData.assumePresent().directory());
        Set<String> ops = new GgufQuantCases().ops();
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT)) {
            List<VerifyResult> results = new VerifyOps(backend)
                    .run(index, golden -> ops.contains(golden.op()))
                    .toList();
            assertFalse(results.isEmpty(), "no cases of weights' types");
            for (VerifyResult result : results) {
                assertEquals(0, error(result), result.toString());
            }
        }
    }

    private static double error(VerifyResult result) {
        return result.outcome() instanceof VerifyResult.Passed passed ? passed.maxError() : Double.NaN;
    }
}
