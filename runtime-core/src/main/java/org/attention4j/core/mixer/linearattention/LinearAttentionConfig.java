package org.attention4j.core.mixer.linearattention;

import java.util.Optional;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;

/**
 * A layer of gated linear attention, with or without the delta rule. The named ones are those of the papers, with the sizes that
 * their authors' code leaves open; {@code with…} changes one thing.
 *
 * @param name what people call it
 * @param hiddenSize entries of a hidden state
 * @param numHeads heads
 * @param keyDim entries of a head's queries and keys
 * @param valueDim entries of a head's values
 * @param forgetting where log decays come from
 * @param delta whether a key replaces what it finds, by a share β = σ(W_b x) of each head: the delta rule. Queries and keys are of
 *     length 1 then, after SiLU, which is taken of values too
 * @param kernel taps of short convolutions of queries, keys and values, followed by SiLU; 0 for none
 * @param rope the rotation of queries and keys, if there is one
 * @param norm of what the heads read
 * @param eps of that norm
 * @param outputGate whether the result is multiplied by {@code silu(W_g x)}
 */
public record LinearAttentionConfig(
        String name,
        int hiddenSize,
        int numHeads,
        int keyDim,
        int valueDim,
        Forgetting forgetting,
        boolean delta,
        int kernel,
        Optional<RopeConfig> rope,
        OutputNorm norm,
        double eps,
        boolean outputGate) {
    private static final double EPS = 1e-5;

    public LinearAttentionConfig {
        require(name, "hiddenSize", hiddenSize, 1);
        require(name, "numHeads", numHeads, 1);
        require(name, "keyDim", keyDim, 1);
        require(name, "valueDim", valueDim, 1);
        if (kernel != 0) {
            require(name, "kernel", kernel, 2);
        }
        if (forgetting instanceof Forgetting.Constant c && c.logDecays().length() != numHeads) {
            throw new IllegalArgumentException("%s: %d log decays, expected one for each of numHeads %d"
                    .formatted(name, c.logDecays().length(), numHeads));
        }
        if (forgetting instanceof Forgetting.LowerBounded && (delta || kernel != 0)) {
            throw new IllegalArgumentException(
                    "%s: keys that are what the gate leaves go with neither the delta rule nor convolutions"
                            .formatted(name));
        }
    }

    /**
     * RetNet's multi-scale retention (Sun et al. 2023, arXiv:2307.08621, eqs. 6 and 8): heads that fade at constant rates, rotated
     * queries and keys, a norm of each head and a gate. The angles are those of the authors' code, {@code 10000^(−i/(d/2 − 1))} for
     * the i-th of d/2 pairs, of neighbours. Their norm divides by the root mean square; {@link OutputNorm#HEAD_LAYER} is the paper's.
     * (That code also divides scores by sums of theirs, which the norm undoes.)
     */
    public static LinearAttentionConfig retention(int hiddenSize, int numHeads, int keyDim, int valueDim) {
        LinearAttentionConfig plain = new LinearAttentionConfig(
                "retention",
                hiddenSize,
                numHeads,
                keyDim,
                valueDim,
                Forgetting.Constant.ofRetNet(numHeads),
                false,
                0,
                Optional.empty(),
                OutputNorm.HEAD_RMS,
                EPS,
                true);
        // Angles that reach 1/10000 at the last pair, instead of one pair further.
        double theta = keyDim > 2 ? Math.pow(10_000, keyDim / (keyDim - 2.0)) : 10_000;
        return plain.withRope(new RopeConfig(theta, keyDim, RopeStyle.INTERLEAVED, new RopeScaling.Default()));
    }

    /**
     * GLA (Yang et al. 2023, arXiv:2312.06635, section 4.4): key entries fade by a gate of low rank with temperature 16; a norm of
     * each head and a gate.
     *
     * @param rank of the gate; 16 in the paper
     */
    public static LinearAttentionConfig gla(int hiddenSize, int numHeads, int keyDim, int valueDim, int rank) {
        return new LinearAttentionConfig(
                "gla",
                hiddenSize,
                numHeads,
                keyDim,
                valueDim,
                new Forgetting.LowRank(rank, 16),
                false,
                0,
                Optional.empty(),
                OutputNorm.HEAD_RMS,
                EPS,
                true);
    }

    /**
     * HGRN2 (Qin et al. 2024, arXiv:2404.07904): keys are what the forget gate leaves, queries go through SiLU, values are as many
     * as hidden entries, and one norm is of all heads.
     *
     * @param keyDim the expansion of the state, 128 in the paper
     * @param layer counts from 0; lower bounds of the gate rise with it
     */
    public static LinearAttentionConfig hgrn2(int hiddenSize, int numHeads, int keyDim, int layer, int numLayers) {
        if (numHeads < 1 || hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "hgrn2: hiddenSize %d is not a multiple of numHeads %d".formatted(hiddenSize, numHeads));
        }
        return new LinearAttentionConfig(
                "hgrn2",
                hiddenSize,
                numHeads,
                keyDim,
                hiddenSize / numHeads,
                new Forgetting.LowerBounded(layer, numLayers),
                false,
                0,
                Optional.empty(),
                OutputNorm.RMS,
                EPS,
                false);
    }

    /**
     * DeltaNet (Yang et al. 2024, arXiv:2406.06484): the delta rule on queries, keys and values that went through short
     * convolutions, and a norm of each head.
     *
     * @param kernel taps of the convolutions; 4 in the paper
     */
    public static LinearAttentionConfig deltaNet(int hiddenSize, int numHeads, int keyDim, int valueDim, int kernel) {
        return new LinearAttentionConfig(
                "delta_net",
                hiddenSize,
                numHeads,
                keyDim,
                valueDim,
                new Forgetting.Never(),
                true,
                kernel,
                Optional.empty(),
                OutputNorm.HEAD_RMS,
                EPS,
                false);
    }

    /** The same with another rotation of queries and keys. */
    public LinearAttentionConfig withRope(RopeConfig value) {
        return new LinearAttentionConfig(
                name,
                hiddenSize,
                numHeads,
                keyDim,
                valueDim,
                forgetting,
                delta,
                kernel,
                Optional.of(value),
                norm,
                eps,
                outputGate);
    }

    /** The same with another norm. */
    public LinearAttentionConfig withNorm(OutputNorm value, double normEps) {
        return new LinearAttentionConfig(
                name,
                hiddenSize,
                numHeads,
                keyDim,
                valueDim,
                forgetting,
                delta,
                kernel,
                rope,
                value,
                normEps,
                outputGate);
    }

    /** The same with another way to forget. */
    public LinearAttentionConfig withForgetting(Forgetting value) {
        return new LinearAttentionConfig(
                name, hiddenSize, numHeads, keyDim, valueDim, value, delta, kernel, rope, norm, eps, outputGate);
    }

    /** The same with a gate of the output. */
    public LinearAttentionConfig withOutputGate() {
        return new LinearAttentionConfig(
                name, hiddenSize, numHeads, keyDim, valueDim, forgetting, delta, kernel, rope, norm, eps, true);
    }

    /** Entries of all heads' keys. */
    public int keys() {
        return numHeads * keyDim;
    }

    /** Entries of all heads' values. */
    public int values() {
        return numHeads * valueDim;
    }

    private static void require(String layer, String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s: %s is %d, expected at least %d".formatted(layer, what, value, least));
        }
    }
}
