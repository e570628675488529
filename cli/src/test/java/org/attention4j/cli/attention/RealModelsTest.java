package org.attention4j.cli.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.MapSelection;
import org.attention4j.core.mixer.effective.WeightMatrix;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maps of models as files have them, which ran on ONNX Runtime: what a run of 140 tokens leaves, in chunks of 128, or of 30. That
 * each map makes the op's result of its values is checked when it is made.
 */
class RealModelsTest {
    /** Sums of up to 140 float32 numbers. */
    private static final double ROUNDING = 1e-5;

    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    private static EffectiveAttention golden(String name, int tokens) {
        String location = GoldenData.assumePresent()
                .directory()
                .resolve("models")
                .resolve(name)
                .toString();
        int[] ids =
                IntStream.range(0, tokens).map(i -> 1 + (i * 7 + i / 9) % 60).toArray();
        try (ModelFiles files = ModelFiles.open(location)) {
            return EffectiveAttention.of(files.definition(), ONNX, MapSelection.ALL, ids);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bloom_alibi",
                "deepseek_v3",
                "gemma2",
                "jamba",
                "lfm2",
                "mamba2",
                "minimax",
                "qwen3_next",
                "recurrent_gemma",
                "rwkv4",
                "rwkv6_blinkdl",
                "rwkv7_fla"
            })
    void everyLayerHasACausalMap(String name) {
        EffectiveAttention attention = golden(name, 30);
        assertEquals(List.of(), attention.skipped());
        assertTrue(attention.maps().size() >= 2, attention.toString());
        for (AttentionMap map : attention.maps()) {
            for (WeightMatrix weights : map.heads().values()) {
                assertTrue(weights.isCausal() && weights.largest() > 0, map.label());
                for (int row = 0; map.values().averages() && row < 30; row++) {
                    assertEquals(1, weights.rowSum(row), ROUNDING, map.label());
                }
            }
        }
    }

    /** Mistral's window of 5 tokens, across the end of the first chunk. */
    @Test
    void aWindowIsABand() {
        for (AttentionMap map : golden("mistral", 140).maps()) {
            assertTrue(map.description().endsWith("window 5"), map.description());
            for (WeightMatrix weights : map.heads().values()) {
                assertBand(weights, 5);
                for (int row = 0; row < 140; row++) {
                    assertEquals(1, weights.rowSum(row), ROUNDING);
                }
            }
        }
    }

    /** gpt-oss: a window of 4 in layer 0, and sink logits, which take a share in all layers. */
    @Test
    void aSinkTakesAShare() {
        EffectiveAttention attention = golden("gpt_oss", 140);
        for (AttentionMap map : attention.maps()) {
            for (WeightMatrix weights : map.heads().values()) {
                double taken = 0;
                for (int row = 0; row < 140; row++) {
                    double left = weights.rowSum(row);
                    assertTrue(left > 0 && left < 1 + ROUNDING, map.label() + " row " + row);
                    taken += 1 - left;
                }
                assertTrue(taken / 140 > 1e-3, map.label() + ": sinks take " + taken / 140);
            }
        }
        attention.maps().getFirst().heads().values().forEach(weights -> assertBand(weights, 4));
        assertTrue(attention.maps().get(1).heads().get(0).get(139, 0) > 0, "layer 1 has no window");
    }

    private static void assertBand(WeightMatrix weights, int window) {
        for (int row = 0; row < weights.rows(); row++) {
            for (int column = 0; column < weights.columns(); column++) {
                boolean visible = column <= row && column > row - window;
                assertEquals(visible, weights.get(row, column) > 0, "row %d column %d".formatted(row, column));
            }
        }
    }

    /** Lightning Attention fades by a constant factor in each head, faster in the first heads: so does what it takes. */
    @Test
    void aRecurrenceFades() {
        AttentionMap map = golden("minimax", 140).maps().stream()
                .filter(m -> m.mixer().startsWith("lightning"))
                .findFirst()
                .orElseThrow();
        List<WeightMatrix> heads = map.heads().values().asList();
        int[] reaches = heads.stream().mapToInt(w -> w.reach(0.99)).toArray();
        for (int head = 0; head < heads.size(); head++) {
            assertTrue(
                    head == 0 || reaches[head] > reaches[head - 1],
                    "reaches " + IntStream.of(reaches).boxed().toList());
        }
    }

    @Test
    void theEmbeddedModelLooksBack() {
        try (ModelFiles files = ModelFiles.open("builtin:stories")) {
            int[] ids = files.tokenizer().encode("Once upon a time, there was a cat. The cat", EncodeOptions.PROMPT);
            for (AttentionMap map : EffectiveAttention.of(files.definition(), ONNX, MapSelection.ALL, ids)
                    .maps()) {
                for (WeightMatrix weights : map.heads().values()) {
                    assertEquals(1, weights.rowSum(ids.length - 1), ROUNDING, map.label());
                }
            }
        }
    }
}
