package org.attention4j.loaders.architecture;

import java.util.Locale;
import java.util.stream.LongStream;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufDraft;

/** Rotary embeddings in GGUF files, whose readers know how wide and by which pairs an architecture rotates. */
final class RopeMetadata {
    private RopeMetadata() {}

    /**
     * States a rotation of whole heads.
     *
     * @throws org.attention4j.loaders.UnsupportedModelException if only a part of each head is rotated, or by a rule that GGUF lacks
     */
    static void state(GgufDraft draft, RopeConfig rope, int headDim) {
        if (rope.rotaryDim() != headDim) {
            throw draft.unsupported("%d of the %d entries of a head are rotated, expected all for the architecture %s"
                    .formatted(rope.rotaryDim(), headDim, draft.architecture()));
        }
        draft.size("rotary_dim", rope.rotaryDim());
        draft.number("rope_parameters.rope_theta", rope.theta());
        switch (rope.scaling()) {
            case RopeScaling.Default none -> {}
            case RopeScaling.Linear(double factor) -> rule(draft, "linear", factor);
            case RopeScaling.Yarn yarn -> yarn(draft, yarn);
            case RopeScaling.Llama3 llama3 -> divisors(draft, rope, llama3);
            case RopeScaling.Divided divided -> divisors(draft, rope, divided);
            default ->
                throw draft.unsupported("rotations are scaled by the rule %s, expected default, linear, yarn or llama3"
                        .formatted(rope.scaling().getClass().getSimpleName().toLowerCase(Locale.ROOT)));
        }
    }

    private static void rule(GgufDraft draft, String name, double factor) {
        draft.text("rope_parameters.rope_type", name);
        draft.number("rope_parameters.factor", factor);
    }

    private static void yarn(GgufDraft draft, RopeScaling.Yarn yarn) {
        double usual = RopeScaling.Yarn.defaultAttentionFactor(yarn.factor());
        if (!yarn.truncate() || yarn.attentionFactor() != usual) {
            throw draft.unsupported(
                    "YaRN with the attention factor %s%s, expected %s, which follows from the factor, and whole pairs"
                            .formatted(yarn.attentionFactor(), yarn.truncate() ? "" : " and parts of pairs", usual));
        }
        rule(draft, "yarn", yarn.factor());
        draft.size("rope_parameters.original_max_position_embeddings", yarn.originalMaxPositions());
        draft.number("rope_parameters.beta_fast", yarn.betaFast());
        draft.number("rope_parameters.beta_slow", yarn.betaSlow());
    }

    /** The rule's result in place of the rule: by what each pair's frequency is divided. */
    private static void divisors(GgufDraft draft, RopeConfig rope, RopeScaling.Fixed rule) {
        double[] scaled = rule.inverseFrequencies(rope.theta(), rope.rotaryDim());
        double[] plain = new RopeScaling.Default().inverseFrequencies(rope.theta(), rope.rotaryDim());
        float[] divisors = new float[scaled.length];
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = (float) (plain[i] / scaled[i]);
        }
        draft.place("rope_freqs.weight", Tensor.f32(Shape.of(divisors.length), divisors));
    }

    /**
     * Takes the weights of projections whose rows are halves of heads, and places them with the rows of each pair side by side, as
     * GGUF's llama and its relatives have them.
     *
     * @param projection such as {@code model.layers.0.self_attn.q_proj}
     */
    static void placePaired(GgufDraft draft, String projection, RopeConfig rope, int numHeads) {
        if (rope.style() != RopeStyle.HALF) {
            return;
        }
        long dim = rope.rotaryDim();
        long[] rows = LongStream.range(0, numHeads * dim)
                .map(row -> row / dim * dim + row % 2 * (dim / 2) + row % dim / 2)
                .toArray();
        for (String kind : new String[] {".weight", ".bias"}) {
            if (draft.has(projection + kind)) {
                draft.placeAs(projection + kind, TensorViews.pickRows(draft.take(projection + kind), rows));
            }
        }
    }
}
