package org.attention4j.core.mixer.mamba;

/**
 * A Mamba-2 layer.
 *
 * @param hiddenSize entries of a hidden state
 * @param numHeads heads of the recurrence
 * @param headDim P, channels of a head
 * @param stateSize N, entries of B and C
 * @param numGroups G, how many B and C there are
 * @param kernel taps of the convolution
 * @param eps of the gated norm
 * @param normGroups groups of channels that the norm normalises together, each by itself
 * @param leastTimeStep Δ is at least this
 * @param mostTimeStep Δ is at most this
 */
public record Mamba2Config(
        int hiddenSize,
        int numHeads,
        int headDim,
        int stateSize,
        int numGroups,
        int kernel,
        double eps,
        int normGroups,
        double leastTimeStep,
        double mostTimeStep) {
    public Mamba2Config {
        MambaConfig.require("hiddenSize", hiddenSize, 1);
        MambaConfig.require("numHeads", numHeads, 1);
        MambaConfig.require("headDim", headDim, 1);
        MambaConfig.require("stateSize", stateSize, 1);
        MambaConfig.require("numGroups", numGroups, 1);
        MambaConfig.require("kernel", kernel, 2);
        MambaConfig.require("normGroups", normGroups, 1);
        if (numHeads % numGroups != 0) {
            throw new IllegalArgumentException(
                    "mamba2: numHeads %d is not a multiple of numGroups %d".formatted(numHeads, numGroups));
        }
        if (numHeads * headDim % normGroups != 0) {
            throw new IllegalArgumentException("mamba2: %d channels are not a multiple of normGroups %d"
                    .formatted(numHeads * headDim, normGroups));
        }
        if (!(leastTimeStep >= 0 && mostTimeStep >= leastTimeStep)) {
            throw new IllegalArgumentException("mamba2: time steps from %s to %s, expected 0 ≤ least ≤ most"
                    .formatted(leastTimeStep, mostTimeStep));
        }
    }

    /** Channels of the recurrence. */
    public int innerSize() {
        return numHeads * headDim;
    }

    /** Channels of the convolution: x, B and C. */
    public int convSize() {
        return innerSize() + 2 * numGroups * stateSize;
    }
}
