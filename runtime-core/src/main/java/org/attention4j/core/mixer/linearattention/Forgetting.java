package org.attention4j.core.mixer.linearattention;

import com.google.common.primitives.ImmutableDoubleArray;

/** Where a layer of {@link LinearAttentionMixer} takes its log decays from: g of this package's equation (1). */
public sealed interface Forgetting {
    /** Nothing fades. */
    record Never() implements Forgetting {}

    /** Each head fades by itself, by the same at every token: {@code g_h}, not above 0. */
    record Constant(ImmutableDoubleArray logDecays) implements Forgetting {
        public Constant {
            if (!logDecays.stream().allMatch(g -> g <= 0)) {
                throw new IllegalArgumentException(
                        "linear attention: log decays are %s, expected none above 0".formatted(logDecays));
            }
        }

        /** RetNet's: {@code log(1 − 2^{−5−h})} for the heads h = 0, 1, … (arXiv:2307.08621, eq. 8). */
        public static Constant ofRetNet(int numHeads) {
            double[] logs = new double[numHeads];
            for (int h = 0; h < numHeads; h++) {
                logs[h] = Math.log1p(-Math.pow(2, -5.0 - h));
            }
            return new Constant(ImmutableDoubleArray.copyOf(logs));
        }
    }

    /**
     * GLA's gate: {@code g = log σ(W₂ W₁ x + b) / τ} for each key entry. Parameters {@code gk_proj.0.weight [rank, hidden]}, {@code
     * gk_proj.1.weight [keys, rank]}, {@code gk_proj.1.bias [keys]}.
     *
     * @param rank rows of W₁
     * @param temperature τ: what is above 1 lets the layer forget more slowly
     */
    record LowRank(int rank, double temperature) implements Forgetting {
        public LowRank {
            if (rank < 1 || !(temperature > 0)) {
                throw new IllegalArgumentException(
                        "linear attention: the gate has rank %d and temperature %s, expected positive ones"
                                .formatted(rank, temperature));
            }
        }
    }

    /**
     * HGRN2's gate: {@code e^g = β + (1 − β) σ(W_f x)} for each key entry, and {@code k = 1 − e^g}. The lower bounds β rise from layer
     * to layer, {@code Σ_{0<j≤layer} softmax_j(Γ)}, so that the first has none. Parameters {@code f_proj.weight [keys, hidden]} and,
     * but in layer 0, Γ, which all layers share: {@code lower_bounds [numLayers, keys]}.
     *
     * @param layer counts from 0
     * @param numLayers of the model
     */
    record LowerBounded(int layer, int numLayers) implements Forgetting {
        public LowerBounded {
            if (layer < 0 || layer >= numLayers) {
                throw new IllegalArgumentException("linear attention: layer %d of %d, expected 0 to %d"
                        .formatted(layer, numLayers, numLayers - 1));
            }
        }
    }

    /** What fades together. */
    default Decay decay() {
        return switch (this) {
            case Never n -> Decay.NONE;
            case Constant c -> Decay.HEAD;
            case LowRank l -> Decay.KEY;
            case LowerBounded b -> Decay.KEY;
        };
    }
}
