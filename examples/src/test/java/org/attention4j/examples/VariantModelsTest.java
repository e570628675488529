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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The models that are one variant each compute what PyTorch computes with the same weights, where they were trained. */
class VariantModelsTest {
    /** Logits are sums of hundreds of float32 products, behind four or five layers. */
    private static final double TOLERANCE = 2e-3;

    private static final GenerationOptions SHORT = GenerationOptions.DEFAULT.withMaxTokens(16);

    static Stream<Named<JsonNode>> recorded() {
        return Recorded.variants().stream().map(r -> Named.of(r.get("model").asString(), r));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void computesWhatPyTorchDoes(JsonNode expected) {
        List<JsonNode> questions = Recorded.questions();
        try (LanguageModel model =
                LanguageModel.open("builtin:" + expected.get("model").asString())) {
            int[] prompt = model.tokenizer().encode(expected.get("prompt").asString(), EncodeOptions.PROMPT);
            try (Session session = model.newSession()) {
                Tensor logits = session.prefill(prompt);
                JsonNode some = expected.get("logits");
                for (int i = 0; i < some.size(); i++) {
                    double actual =
                            logits.getDouble((long) i * expected.get("stride").asInt());
                    assertEquals(some.get(i).asDouble(), actual, TOLERANCE, "logit " + i);
                }
            }
            JsonNode right = expected.get("right");
            assertTrue(right.size() >= 20, "answers are recorded");
            for (int i = 0; i < right.size(); i++) {
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
}
