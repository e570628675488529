package org.attention4j.core.mixer.attention;

import com.google.common.primitives.ImmutableDoubleArray;

/**
 * Attention with linear biases (Press et al. 2022, "Train Short, Test Long", section 3).
 *
 * @param maxBias of n heads, a power of two, the last has the slope 2^(−maxBias): 8 in the paper
 * @param scale what all slopes are multiplied by: 1, or in Falcon, which scales scores after adding the bias, 1/√headDim
 */
public record Alibi(double maxBias, double scale) {
    /** As the paper has it. */
    public static final Alibi PUBLISHED = new Alibi(8, 1);

    public Alibi {
        if (!(maxBias > 0) || !(scale > 0)) {
            throw new IllegalArgumentException(
                    "alibi: got maxBias %s, scale %s; expected positive numbers".formatted(maxBias, scale));
        }
    }

    /**
     * The slopes of the heads. For n heads, a power of two, head i of 1…n has 2^(−maxBias·i/n). Otherwise the slopes for the
     * power of two below come first, then every other one of those for the power of two above.
     */
    public ImmutableDoubleArray slopes(int numHeads) {
        int below = Integer.highestOneBit(numHeads);
        ImmutableDoubleArray.Builder slopes = ImmutableDoubleArray.builder(numHeads);
        for (int i = 1; i <= below; i++) {
            slopes.add(scale * Math.pow(2, -maxBias * i / below));
        }
        for (int i = 0; i < numHeads - below; i++) {
            slopes.add(scale * Math.pow(2, -maxBias * (2 * i + 1) / (2.0 * below)));
        }
        return slopes.build();
    }
}
