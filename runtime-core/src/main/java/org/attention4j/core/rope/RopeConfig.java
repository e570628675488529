package org.attention4j.core.rope;

/**
 * What a model says about its rotary embedding.
 *
 * @param theta the base of the frequencies, also called {@code rope_theta} or {@code freq_base}
 * @param rotaryDim how many entries of a head are rotated, the first ones; even
 * @param style which of them form a pair
 * @param scaling the rule that gives the frequencies
 */
public record RopeConfig(double theta, int rotaryDim, RopeStyle style, RopeScaling scaling) {
    public RopeConfig {
        RopeTable.validate(theta, rotaryDim, scaling);
    }

    /** The op that computes cos and sin. */
    public RopeTable table() {
        return new RopeTable(theta, rotaryDim, scaling);
    }

    /** The op that rotates. */
    public Rope rope() {
        return new Rope(style, rotaryDim);
    }
}
