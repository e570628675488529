package org.attention4j.core.mixer.linearattention;

import org.attention4j.core.mlp.Activation;

/** What {@link KernelAttentionMixer} makes of queries and keys, so that their products are no less than 0. */
public sealed interface FeatureMap {
    /** An elementwise function that is not negative, such as {@link Activation#ELU1}. */
    record Elementwise(Activation activation) implements FeatureMap {}

    /**
     * Random features of the parameter {@code projection [count, keyDim]}, which all heads share: {@link FavorFeatures}.
     *
     * @param count how many; {@code d log d} for heads of d entries is usual
     * @param kernel which
     * @param eps keeps the features above 0
     */
    record Random(int count, FavorFeatures.Kernel kernel, double eps) implements FeatureMap {
        public Random {
            if (count < 1) {
                throw new IllegalArgumentException("performer: %d features, expected at least 1".formatted(count));
            }
        }
    }

    /** How many features a query or key of {@code keyDim} entries has. */
    default int size(int keyDim) {
        return switch (this) {
            case Elementwise e -> keyDim;
            case Random r -> r.count();
        };
    }
}
