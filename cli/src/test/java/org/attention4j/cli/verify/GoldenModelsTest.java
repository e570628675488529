package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The architectures against other people's code, where its logits are at hand, and compiled models against their plans. */
class GoldenModelsTest {
    private static final Set<String> MODELS = Set.of(
            "llama",
            "llama_yarn",
            "llama_mqa_tied",
            "mistral",
            "qwen2",
            "qwen3",
            "gpt2",
            "falcon_mqa",
            "falcon_new",
            "gpt_neox",
            "gptj",
            "opt",
            "starcoder2",
            "bloom_alibi",
            "mpt_alibi",
            "gemma2",
            "gemma3",
            "phi3",
            "olmo2",
            "granite",
            "cohere",
            "stablelm",
            "deepseek_v2",
            "deepseek_v3");

    private static final Set<String> GGUFS = Set.of(
            "llama-f32",
            "llama-f16",
            "llama-q8_0",
            "llama_yarn-f32",
            "llama_mqa_tied-f32",
            "qwen2-f32",
            "qwen3-f32",
            "qwen3-q8_0",
            "gpt2-f32",
            "gpt2-q8_0",
            "falcon_mqa-f32",
            "falcon_new-f32",
            "gpt_neox-f32",
            "starcoder2-f32",
            "bloom_alibi-f32",
            "phi3-f32",
            "olmo2-f32",
            "granite-f32",
            "cohere-f32",
            "stablelm-f32",
            "deepseek_v3-f32");

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void everyModelOfAKnownArchitecturePasses(String backendName) {
        GoldenIndex index = GoldenIndex.read(GoldenData.assumePresent().directory());
        try (Backend backend = new PlanCheckingBackend(Backends.create(backendName, BackendOptions.DEFAULT));
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT)) {
            VerifyModels verify = new VerifyModels(backend, reference);
            assertPasses(MODELS, verify.models(index, m -> true));
            assertPasses(GGUFS, verify.ggufs(index, m -> true));
        }
    }

    /** Checks that nothing fails and these pass, by the last parts of their ids. */
    private static void assertPasses(Set<String> names, Stream<VerifyResult> stream) {
        List<VerifyResult> results = stream.toList();
        assertEquals(
                List.of(),
                results.stream()
                        .filter(r -> r.outcome() instanceof VerifyResult.Failed)
                        .toList());
        Set<String> passed = results.stream()
                .filter(r -> r.outcome() instanceof VerifyResult.Passed)
                .map(r -> r.id().substring(r.id().lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
        assertTrue(passed.containsAll(names), () -> "passed: " + passed);
    }
}
