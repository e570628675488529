package org.attention4j.testkit.effective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.MapSelection;
import org.attention4j.core.mixer.effective.WeightMatrix;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomDecoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Maps of single ops whose matrix is known. */
class EffectiveRecurrenceTest {
    /** Of float32 numbers of about 1. */
    private static final double ROUNDING = 1e-6;

    private static final int HIDDEN = 6;
    private static final int HEADS = 2;
    private static final int KEY_DIM = 4;
    private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6};
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    /** With queries and keys of ones, RetNet's matrix is scale · keyDim · γ^(t−s). */
    @Test
    void aConstantDecayFallsByAConstantFactor() {
        double[] logDecays = {-0.25, -1.5};
        AttentionMap map = map((b, values) -> {
            Value decay = b.constant("decays", Tensor.f32(Shape.of(HEADS), -0.25f, -1.5f));
            List<Dim> dims = values.type().without(3).dims();
            return recurrence(b, Decay.HEAD, values, Optional.of(b.broadcast(decay, dims)));
        });
        for (int head = 0; head < HEADS; head++) {
            WeightMatrix weights = map.heads().values().asList().get(head);
            for (int t = 0; t < TOKENS.length; t++) {
                for (int s = 0; s < TOKENS.length; s++) {
                    double expected = s > t ? 0 : 0.5 * KEY_DIM * Math.exp(logDecays[head] * (t - s));
                    assertEquals(expected, weights.get(t, s), ROUNDING);
                }
            }
        }
        assertEquals(1, map.heads().values().asList().get(1).reach(0.9), "1 − e^−3 of the weight is within 1 token");
    }

    /** What a token's values have as a common factor is taken out of them: here the sigmoid of the first entry. */
    @Test
    void aFactorOfATokensValuesCountsAsWeight() {
        OneOpMixer.Writer gated = (b, values) -> {
            Value factor = b.unary(UnaryKind.SIGMOID, b.slice(values, -1, 0, 1));
            return recurrence(b, Decay.NONE, b.mul(values, factor), Optional.empty());
        };
        for (WeightMatrix weights : map(gated).heads().values()) {
            assertEquals(weights.get(7, 1), weights.get(7, 3), ROUNDING, "the same token, so the same factor");
            for (int s = 0; s < TOKENS.length; s++) {
                assertEquals(weights.get(7, s), weights.get(s, s), ROUNDING, "nothing decays");
                assertTrue(weights.get(s, s) > 0 && weights.get(s, s) < 0.5 * KEY_DIM, "a sigmoid times 2");
            }
            assertTrue(Math.abs(weights.get(7, 0) - weights.get(7, 1)) > 0.01, "another token, another factor");
        }
    }

    /** Channels that keep all, half and a quarter of what they had, two of each. */
    @Test
    void channelsAreAveraged() {
        AttentionMap map = map((b, values) -> {
            Value decays = b.constant("decays", Tensor.f32(Shape.of(HEADS, 3), 1, 0.5f, 0.25f, 1, 0.5f, 0.25f));
            Value state =
                    b.broadcast(b.scalar(DType.F32, 0), values.type().without(1).dims());
            Value decay = b.broadcast(decays, values.type().dims());
            return b.call(new DiagonalRecurrence(), List.of(state, decay, values))
                    .getFirst();
        });
        assertEquals(HIDDEN, map.channels());
        WeightMatrix weights = map.heads().values().asList().getFirst();
        for (int distance = 0; distance < TOKENS.length; distance++) {
            double mean = (1 + Math.pow(0.5, distance) + Math.pow(0.25, distance)) / 3;
            assertEquals(mean, weights.get(7, 7 - distance), ROUNDING);
        }
    }

    /** An op that says that it is linear, and squares. */
    record Square() implements ValueMixing {
        @Override
        public String name() {
            return "square";
        }

        @Override
        public List<String> inputNames() {
            return List.of("value");
        }

        @Override
        public Optional<MixedValues> mixedValues() {
            return Optional.of(new MixedValues("value", 1, MixedValues.Mixing.BY_HEAD, false));
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> in) {
            return List.of(b.mul(in.getFirst(), in.getFirst()));
        }
    }

    @Test
    void whatIsNotLinearIsNotMapped() {
        EffectiveAttention attention = attention((b, values) -> b.apply(new Square(), values), MapSelection.ALL);
        assertEquals(List.of(), attention.maps());
        assertEquals(
                "layer 0: layers.0/mixer/square is not linear in its input value, or was given something else in the"
                        + " model",
                attention.skipped().getFirst().reason());
    }

    @Test
    void layersWithoutSuchAnOpAreNamed() {
        EffectiveAttention attention = attention((b, values) -> b.mul(values, 2), MapSelection.ALL);
        assertEquals(
                new EffectiveAttention.Skipped(0, "layer 0 (one_op): no op of it says where its values are"),
                attention.skipped().getFirst());
    }

    @Test
    void wrongRequestsAreErrors() {
        OneOpMixer.Writer square = (b, values) -> b.apply(new Square(), values);
        assertRefused(
                "layers: got 1, expected 0 to 0", () -> attention(square, MapSelection.ALL.withLayers(Set.of(1))));
        assertRefused("heads: got 2, expected 0 to 1", () -> attention(square, MapSelection.ALL.withHeads(Set.of(2))));
        assertRefused(
                "attention maps: got 513 tokens, expected 1 to 512: take a shorter prompt",
                () -> EffectiveAttention.of(
                        RandomDecoder.of(HIDDEN, new OneOpMixer(HEADS, HIDDEN, square)),
                        REFERENCE,
                        MapSelection.ALL,
                        new int[513]));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static AttentionMap map(OneOpMixer.Writer writer) {
        EffectiveAttention attention = attention(writer, MapSelection.ALL);
        assertEquals(List.of(), attention.skipped());
        return attention.maps().getFirst();
    }

    private static EffectiveAttention attention(OneOpMixer.Writer writer, MapSelection selection) {
        return EffectiveAttention.of(
                RandomDecoder.of(HIDDEN, new OneOpMixer(HEADS, HIDDEN, writer)), REFERENCE, selection, TOKENS);
    }

    /** With queries and keys of ones and a scale of a half. */
    private static Value recurrence(GraphBuilder b, Decay decay, Value values, Optional<Value> logDecay) {
        List<Dim> keys = values.type().withDim(3, Dim.of(KEY_DIM)).dims();
        Value ones = b.broadcast(b.scalar(DType.F32, 1), keys);
        Dim batch = values.type().dim(0);
        List<Dim> stateDims =
                List.of(batch, Dim.of(HEADS), Dim.of(KEY_DIM), values.type().dim(3));
        Value state = b.broadcast(b.scalar(DType.F32, 0), stateDims);
        List<Value> in = new ArrayList<>(List.of(state, ones, ones, values));
        logDecay.ifPresent(in::add);
        return b.call(new LinearRecurrence(decay, false, false, 0.5, 4), in).getFirst();
    }
}
