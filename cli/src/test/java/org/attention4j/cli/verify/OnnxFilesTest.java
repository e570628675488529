package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's ONNX files, where they are at hand. */
class OnnxFilesTest {
    private static Path directory(String name) {
        Path path = Path.of(System.getProperty("attention4j.golden", "../shared/golden"), "real", name);
        Assumptions.assumeTrue(Files.isDirectory(path), () -> "no reference data at " + path);
        return path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void everyNodeTestPasses(String backendName) throws IOException {
        Path directory = directory("onnx-node");
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT)) {
            List<VerifyResult> others = new VerifyOnnxNodes(backend)
                    .run(directory, name -> true)
                    .filter(r -> !(r.outcome() instanceof VerifyResult.Passed))
                    .toList();
            assertEquals(List.of(), others);
        }
    }

    /** Those whose attention was taken apart, each in another way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "attention_symbolic_batch.onnx",
                "attention_mask2d_fp32.onnx",
                "self_attention_megatron_basic_test.onnx",
                "bart_self_attention_megatron_basic_test.onnx",
                "gpt2_past_one_layer.onnx",
                "bert_toy_optimized.onnx",
                "dmmha_self_attn.onnx"
            })
    void attentionIsRecognisedAndComputesTheSame(String file) throws IOException {
        Path directory = directory("onnx-graphs");
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            VerifyResult result = new VerifyOnnxGraphs(backend)
                    .run(directory, file::equals)
                    .findFirst()
                    .orElseThrow();
            assertTrue(result.outcome() instanceof VerifyResult.Passed, result::toString);
            assertTrue(result.op().contains("attention × "), result::toString);
        }
    }

    /** All weights of this file are 1, and its last norm gets little but rounding. */
    @Test
    void whereOnnxRuntimesResultIsRoundingTheGraphIsComparedWithOtherWeights() throws IOException {
        Path directory = directory("onnx-graphs");
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            VerifyResult result = new VerifyOnnxGraphs(backend)
                    .run(directory, "attention_mha.onnx"::equals)
                    .findFirst()
                    .orElseThrow();
            assertTrue(
                    result.outcome() instanceof VerifyResult.Passed(double e, Tolerance t, Optional<String> note)
                            && t.absolute() == 1e-4
                            && note.orElse("").startsWith("with other weights"),
                    result::toString);
        }
    }
}
