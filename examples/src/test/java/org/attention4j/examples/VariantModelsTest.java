package org.attention4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.text.EncodeOptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The models that are one variant each compute what PyTorch computes with the same weights, where they were trained, and answer as it
 * does, on every backend. (On TornadoVM {@link org.attention4j.examples.variant.VariantSamplesTest} counts the answers.)
 */
class VariantModelsTest {
    /** Logits are sums of hundreds of float32 products, behind four or five layers. */
    private static final double TOLERANCE = 2e-3;

    /** Questions for the reference backend, which takes its time. */
    private static final int ON_REFERENCE = 8;

    private static final GenerationOptions SHORT = GenerationOptions.DEFAULT.withMaxTokens(16);

    static Stream<Arguments> recorded() {
        return Stream.of(SampleRun.backend(), "reference")
                .distinct()
                .flatMap(backend -> Recorded.variants().stream()
                        .map(r -> Arguments.of(backend, Named.of(r.get("model").asString(), r))));
    }

    @Tag(SampleRun.ANY_BACKEND)
    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("recorded")
    void computesWhatPyTorchDoes(String backend, JsonNode expected) {
        try (LanguageModel model = open(backend, expected);
                Session session = model.newSession()) {
            Tensor logits = session.prefill(
                    model.tokenizer().encode(expected.get("prompt").asString(), EncodeOptions.PROMPT));
            JsonNode some = expected.get("logits");
            for (int i = 0; i < some.size(); i++) {
                double actual =
                        logits.getDouble((long) i * expected.get("stride").asInt());
                assertEquals(some.get(i).asDouble(), actual, TOLERANCE, "logit " + i);
            }
        }
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("recorded")
    void answersWhatPyTorchDoes(String backend, JsonNode expected) {
        List<JsonNode> questions = Recorded.questions();
        JsonNode right = expected.get("right");
        assertTrue(right.size() >= 20, "answers are recorded");
        int asked = backend.equals("reference") ? ON_REFERENCE : right.size();
        try (LanguageModel model = open(backend, expected)) {
            for (int i = 0; i < asked; i++) {
                JsonNode question = questions.get(i);
                String text =
                        model.generate(question.get("prompt").asString(), SHORT).text();
                assertEquals(
                        right.get(i).asBoolean(),
                        text.equals(question.get("answer").asString()),
                        "question " + i + " got" + text);
            }
        }
    }

    private static LanguageModel open(String backend, JsonNode recorded) {
        return LanguageModel.builder("builtin:" + recorded.get("model").asString())
                .backend(backend)
                .open();
    }
}
