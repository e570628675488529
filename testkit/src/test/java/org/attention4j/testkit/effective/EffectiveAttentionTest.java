package org.attention4j.testkit.effective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.MapSelection;
import org.attention4j.core.mixer.effective.WeightMatrix;
import org.attention4j.core.mixer.linearattention.KernelAttentionMixer;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.testkit.RandomDecoder;
import org.attention4j.testkit.SessionCase;
import org.attention4j.testkit.SessionCases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps of whole models with random weights. */
class EffectiveAttentionTest {
    /** Weights are float32 numbers, and sums of a few dozen of them. */
    private static final double ROUNDING = 1e-5;

    private static final int HIDDEN = 16;
    private static final AttentionSpec SPEC = AttentionSpec.causal(4, 2, 8);
    private static final int[] TOKENS = IntStream.range(0, 21)
            .map(i -> (i * 7 + i / 5) % RandomDecoder.VOCAB)
            .toArray();

    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    static Stream<SessionCase> all() {
        return SessionCases.all();
    }

    /** A map is only given if it makes the op's result of the op's values, so this holds for every op of every kind of layer. */
    @ParameterizedTest
    @MethodSource("all")
    void everyLayerHasACausalMap(SessionCase c) {
        EffectiveAttention attention = EffectiveAttention.of(c.model(), REFERENCE, MapSelection.ALL, TOKENS);
        assertEquals(List.of(), attention.skipped());
        assertEquals(
                IntStream.range(0, c.model().layers().size()).boxed().toList(),
                attention.maps().stream().map(AttentionMap::layer).toList());
        for (AttentionMap map : attention.maps()) {
            map.heads().forEach((head, weights) -> {
                assertTrue(weights.isCausal(), map.label());
                assertTrue(weights.largest() > 0, map.label());
                if (map.values().averages()) {
                    assertAverages(map, weights);
                }
            });
        }
    }

    private static void assertAverages(AttentionMap map, WeightMatrix weights) {
        for (int row = 0; row < weights.rows(); row++) {
            // An eps of 1e-6 is added to the sums of elu(x) + 1.
            assertEquals(1, weights.rowSum(row), ROUNDING, map.label());
        }
        assertTrue(!weights.hasNegative(), map.label());
    }

    @Test
    void windowsEndWhereTheyShould() {
        WeightMatrix weights =
                only(new AttentionMixer(AttentionConfig.of(HIDDEN, SPEC).withWindow(5)));
        assertVisible(weights, (row, column) -> column <= row && column > row - 5);
    }

    @Test
    void firstTokensStayVisible() {
        WeightMatrix weights = only(new AttentionMixer(AttentionConfig.of(HIDDEN, SPEC.withSinks(2, 5))));
        assertVisible(weights, (row, column) -> column <= row && (column < 2 || column > row - 5));
    }

    @Test
    void chunksDoNotSeeEachOther() {
        WeightMatrix weights = only(new AttentionMixer(AttentionConfig.of(HIDDEN, SPEC.withChunk(6))));
        assertVisible(weights, (row, column) -> column <= row && column / 6 == row / 6);
    }

    private interface Visibility {
        boolean sees(int row, int column);
    }

    private static void assertVisible(WeightMatrix weights, Visibility expected) {
        for (int row = 0; row < weights.rows(); row++) {
            for (int column = 0; column < weights.columns(); column++) {
                assertEquals(
                        expected.sees(row, column),
                        weights.get(row, column) > 0,
                        "row %d column %d".formatted(row, column));
            }
            assertEquals(1, weights.rowSum(row), ROUNDING);
        }
    }

    /** What is left goes to the sink: e^s over the sum with it, so the first token gives to one score of its own alone. */
    @Test
    void sinkLogitsTakeAShare() {
        AttentionMixer mixer =
                new AttentionMixer(AttentionConfig.of(HIDDEN, SPEC).withSinkLogits());
        WeightMatrix weights = only(mixer);
        for (int row = 0; row < weights.rows(); row++) {
            assertTrue(weights.rowSum(row) < 0.99 && weights.rowSum(row) > 0.1, "row " + row);
        }
        assertTrue(weights.rowSum(20) > weights.rowSum(0), "with more keys, less is left to the sink");
    }

    @Test
    void bidirectionalAttentionIsNotCausal() {
        WeightMatrix weights = only(KernelAttentionMixer.elu1(HIDDEN, 2, 6, 5).bidirectional());
        assertTrue(!weights.isCausal());
        assertEquals(1, weights.rowSum(3), ROUNDING);
    }

    private static WeightMatrix only(SequenceMixer mixer) {
        ModelDefinition model = RandomDecoder.of(HIDDEN, mixer);
        EffectiveAttention attention =
                EffectiveAttention.of(model, REFERENCE, MapSelection.ALL.withHeads(Set.of(1)), TOKENS);
        assertEquals(List.of(), attention.skipped());
        return attention.maps().getFirst().heads().values().asList().getFirst();
    }
}
