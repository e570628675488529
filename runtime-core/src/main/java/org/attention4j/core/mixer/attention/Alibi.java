package org.attention4j.core.mixer.attention;

import com.google.common.primitives.ImmutableDoubleArray;

/** Attention with linear biases (Press et al. 2022, "Train Short, Test Long", section 3). */
public final class Alibi {
    private Alibi() {}

    /**
     * The slopes of the heads. For n heads, a power of two, head i of 1…n has 2^(−8i/n). Otherwise the slopes for the power of
     * two below come first, then every other one of those for the power of two above.
     */
    public static ImmutableDoubleArray slopes(int numHeads) {
        int below = Integer.highestOneBit(numHeads);
        ImmutableDoubleArray.Builder slopes = ImmutableDoubleArray.builder(numHeads);
        for (int i = 1; i <= below; i++) {
            slopes.add(Math.pow(2, -8.0 * i / below));
        }
        for (int i = 0; i < numHeads - below; i++) {
            slopes.add(Math.pow(2, -8.0 * (2 * i + 1) / (2.0 * below)));
        }
        return slopes.build();
    }
}
