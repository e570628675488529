package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backends against other people's code, where the recorded calls are at hand. */
class GoldenOpsTest {
    @ParameterizedTest
    @CsvSource({
        "reference, quant",
        "onnx, quant",
        "reference, rope",
        "reference, norm",
        "reference, softmax",
        "onnx, rope",
        "onnx, norm",
        "onnx, softmax"
    })
    void everyCaseOfTheFamilyPasses(String backendName, String family) {
        GoldenIndex index = GoldenIndex.read(GoldenData.assumePresent().directory());
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT)) {
            List<VerifyResult> results = new VerifyOps(backend)
                    .run(index, golden -> golden.family().equals(family))
                    .toList();
            assertFalse(results.isEmpty(), "no cases of family " + family);
            List<VerifyResult> others = results.stream()
                    .filter(r -> !(r.outcome() instanceof VerifyResult.Passed))
                    .toList();
            assertEquals(List.of(), others);
        }
    }
}
