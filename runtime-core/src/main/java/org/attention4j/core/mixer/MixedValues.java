package org.attention4j.core.mixer;

/**
 * The values of a {@link ValueMixing} op.
 *
 * @param input the name of the input that holds them
 * @param tokenAxis which of its axes is that of tokens
 * @param mixing which of their entries have the same weights
 * @param averages whether weights are never negative and a token's add up to 1 at most; what is missing went to something without a
 *     value, such as a sink logit
 */
public record MixedValues(String input, int tokenAxis, Mixing mixing, boolean averages) {
    /** Which entries of values have the same weights. */
    public enum Mixing {
        /**
         * All of a head. Values have four axes, the last for a head's entries, and of axes 1 and 2 the one that is not of tokens for
         * heads; a head of the values may serve several of the result, which is {@code [batch, seq, heads, entries]}.
         */
        BY_HEAD,
        /** None: each has its own. The result has the values' type, and tokens are at axis 1. */
        BY_CHANNEL
    }

    public MixedValues {
        int last = mixing == Mixing.BY_HEAD ? 2 : 1;
        if (tokenAxis < 1 || tokenAxis > last) {
            throw new IllegalArgumentException(
                    "%s: tokens are at axis %d, expected 1 to %d".formatted(input, tokenAxis, last));
        }
    }
}
