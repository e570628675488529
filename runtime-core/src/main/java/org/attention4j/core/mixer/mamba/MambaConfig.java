package org.attention4j.core.mixer.mamba;

import java.util.OptionalDouble;

/**
 * A Mamba-1 layer.
 *
 * @param hiddenSize entries of a hidden state
 * @param innerSize channels of the recurrence
 * @param stateSize N, the state's entries for each channel
 * @param kernel taps of the convolution
 * @param timeStepRank entries of δ
 * @param normEps if present, δ, B and C are normalised (RMSNorm), as Jamba and Falcon Mamba have it
 * @param normWeights whether these norms have weights: {@code dt_layernorm, b_layernorm, c_layernorm}
 */
public record MambaConfig(
        int hiddenSize,
        int innerSize,
        int stateSize,
        int kernel,
        int timeStepRank,
        OptionalDouble normEps,
        boolean normWeights) {
    public MambaConfig {
        require("hiddenSize", hiddenSize, 1);
        require("innerSize", innerSize, 1);
        require("stateSize", stateSize, 1);
        require("kernel", kernel, 2);
        require("timeStepRank", timeStepRank, 1);
    }

    /** Without norms, as the paper has it. */
    public static MambaConfig of(int hiddenSize, int innerSize, int stateSize, int kernel, int timeStepRank) {
        return new MambaConfig(hiddenSize, innerSize, stateSize, kernel, timeStepRank, OptionalDouble.empty(), false);
    }

    /** The same with norms of δ, B and C. */
    public MambaConfig withNorms(double eps, boolean weights) {
        return new MambaConfig(hiddenSize, innerSize, stateSize, kernel, timeStepRank, OptionalDouble.of(eps), weights);
    }

    static void require(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("mamba: %s is %d, expected at least %d".formatted(name, value, least));
        }
    }
}
