package org.attention4j.core.mixer.mla;

import java.util.OptionalInt;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.rope.RopeConfig;

/**
 * A layer of multi-head latent attention.
 *
 * @param hiddenSize entries of a token's hidden state
 * @param spec heads, sizes and scale as in the expanded way: a key/value head for each head, {@code headDim} = nopeDim + ropeDim
 * @param qLoraRank entries of the compressed query; absent: queries are projected at once
 * @param kvLoraRank entries of the compressed keys and values
 * @param rope the rotation of the last {@code rotaryDim} = ropeDim entries of a query, and of the shared key
 * @param normEps of the norms of the compressed vectors
 * @param bias whether {@code q_a_proj kv_a_proj_with_mqa o_proj} have a bias
 * @param separateUp whether the up-projections are stored as {@code k_b_proj} and {@code v_b_proj}, not as {@code kv_b_proj}
 */
public record MlaConfig(
        int hiddenSize,
        AttentionSpec spec,
        OptionalInt qLoraRank,
        int kvLoraRank,
        RopeConfig rope,
        double normEps,
        boolean bias,
        boolean separateUp) {
    public MlaConfig {
        LatentAttention.requireSizes(spec, kvLoraRank, rope.rotaryDim());
        if (qLoraRank.isPresent() && qLoraRank.getAsInt() < 1) {
            throw new IllegalArgumentException("mla: qLoraRank %d is not positive".formatted(qLoraRank.getAsInt()));
        }
    }

    /**
     * Without low-rank queries and biases.
     *
     * @param nopeDim entries of a query and key that are not rotated
     * @param valueDim entries of a value
     */
    public static MlaConfig of(
            int hiddenSize, int numHeads, int nopeDim, int valueDim, int kvLoraRank, RopeConfig rope, double normEps) {
        if (nopeDim > Integer.MAX_VALUE - rope.rotaryDim()) {
            throw new IllegalArgumentException(
                    "mla: nopeDim %d and ropeDim %d are too large".formatted(nopeDim, rope.rotaryDim()));
        }
        AttentionSpec spec = AttentionSpec.causal(numHeads, numHeads, nopeDim + rope.rotaryDim())
                .withValueDim(valueDim);
        return new MlaConfig(hiddenSize, spec, OptionalInt.empty(), kvLoraRank, rope, normEps, false, false);
    }

    /** The same with low-rank queries. */
    public MlaConfig withQLoraRank(int rank) {
        return new MlaConfig(hiddenSize, spec, OptionalInt.of(rank), kvLoraRank, rope, normEps, bias, separateUp);
    }

    /** The same with another scale of the scores. */
    public MlaConfig withScale(double scale) {
        return new MlaConfig(hiddenSize, spec.withScale(scale), qLoraRank, kvLoraRank, rope, normEps, bias, separateUp);
    }

    /** The same with biases, or without. */
    public MlaConfig withBias(boolean value) {
        return new MlaConfig(hiddenSize, spec, qLoraRank, kvLoraRank, rope, normEps, value, separateUp);
    }

    /** The same with the up-projections of keys and values in two tensors, or in one. */
    public MlaConfig withSeparateUp(boolean value) {
        return new MlaConfig(hiddenSize, spec, qLoraRank, kvLoraRank, rope, normEps, bias, value);
    }

    /** Entries of a query and key that are not rotated. */
    public int nopeDim() {
        return spec.headDim() - ropeDim();
    }

    /** Entries of a query and key that are rotated. */
    public int ropeDim() {
        return rope.rotaryDim();
    }
}
