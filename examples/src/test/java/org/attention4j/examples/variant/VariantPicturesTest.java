package org.attention4j.examples.variant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.MapSelection;
import org.attention4j.core.mixer.effective.WeightMatrix;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.examples.Recorded;
import org.junit.jupiter.api.Test;

/** What the pictures of trained models show: windows, first tokens that stay, and states that fade. */
class VariantPicturesTest {
    private static final int WINDOW = 48;
    private static final int SINKS = 4;
    private static final int TOKENS = 72;

    private static List<WeightMatrix> heads(String model) {
        String prompt = Recorded.questions().stream()
                .map(q -> q.get("prompt").asString())
                .filter(p -> p.length() > 400)
                .findFirst()
                .orElseThrow();
        try (ModelFiles files = ModelFiles.open("builtin:" + model);
                Backend backend = Backends.create("onnx", BackendOptions.DEFAULT)) {
            int[] all = files.tokenizer().encode(prompt, EncodeOptions.PROMPT);
            assertTrue(all.length >= TOKENS, "a long prompt");
            int[] tokens = Arrays.copyOf(all, TOKENS);
            EffectiveAttention attention = EffectiveAttention.of(files.definition(), backend, MapSelection.ALL, tokens);
            assertEquals(List.of(), attention.skipped());
            return attention.maps().stream()
                    .map(AttentionMap::heads)
                    .flatMap(h -> h.values().stream())
                    .toList();
        }
    }

    @Test
    void aWindowEndsSharply() {
        for (WeightMatrix head : heads("window")) {
            for (int row = 0; row < TOKENS; row++) {
                double sum = 0;
                for (int column = 0; column < TOKENS; column++) {
                    float weight = head.get(row, column);
                    boolean isSeen = column <= row && row - column < WINDOW;
                    assertTrue(isSeen ? weight >= 0 : weight == 0, "row " + row + ", column " + column);
                    sum += weight;
                }
                assertEquals(1, sum, 1e-4);
            }
        }
    }

    @Test
    void firstTokensStayBesideAWindow() {
        double ofSinks = 0;
        for (WeightMatrix head : heads("window_sinks")) {
            for (int column = 0; column < TOKENS; column++) {
                float weight = head.get(TOKENS - 1, column);
                boolean isSeen = column < SINKS || TOKENS - 1 - column < WINDOW;
                assertTrue(isSeen || weight == 0, "column " + column);
                ofSinks += column < SINKS ? weight : 0;
            }
        }
        assertTrue(ofSinks > 0, "the last token sees the first ones");
    }

    /** Behind the window's length something is left, of both signs, and less than of the last tokens. */
    @Test
    void statesFade() {
        for (String model : List.of("gla", "gated_deltanet", "rwkv7")) {
            double near = 0;
            double far = 0;
            boolean isNegative = false;
            for (WeightMatrix head : heads(model)) {
                for (int row = WINDOW + 8; row < TOKENS; row++) {
                    for (int distance = 0; distance <= row; distance++) {
                        float weight = head.get(row, row - distance);
                        near += distance < 8 ? Math.abs(weight) / 8 : 0;
                        far += distance >= WINDOW ? Math.abs(weight) / (row - WINDOW + 1) : 0;
                        isNegative |= weight < 0;
                    }
                    for (int column = row + 1; column < TOKENS; column++) {
                        assertEquals(0, head.get(row, column));
                    }
                }
            }
            assertTrue(far > 0 && near > 2 * far, "%s: near %s, far %s".formatted(model, near, far));
            assertTrue(isNegative, model);
        }
    }
}
