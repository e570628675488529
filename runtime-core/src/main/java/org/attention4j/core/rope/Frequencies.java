package org.attention4j.core.rope;

/** What the scaling rules share. */
final class Frequencies {
    private Frequencies() {}

    /** A change of one pair's inverse frequency. */
    interface Change {
        double apply(int pair, double inverseFrequency);
    }

    /** {@code theta^(−2i/d)} for each pair i. */
    static double[] unscaled(double theta, int rotaryDim) {
        return map(theta, rotaryDim, (i, freq) -> freq);
    }

    /** {@code theta^(−2i/d)}, changed, for each pair i. */
    static double[] map(double theta, int rotaryDim, Change change) {
        double[] out = new double[rotaryDim / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = change.apply(i, Math.pow(theta, -2.0 * i / rotaryDim));
        }
        return out;
    }

    /** The frequencies of {@code theta·scale^(d/(d−2))}. */
    static double[] ntk(double theta, int rotaryDim, double scale) {
        return unscaled(theta * Math.pow(scale, rotaryDim / (rotaryDim - 2.0)), rotaryDim);
    }

    static void requirePositive(String rule, String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "rope %s: %s is %s, expected a positive number".formatted(rule, what, value));
        }
    }

    static void requirePositive(String rule, String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("rope %s: %s is %d, expected at least 1".formatted(rule, what, value));
        }
    }

    static void requireTwoPairs(String rule, int rotaryDim) {
        if (rotaryDim < 4) {
            throw new IllegalArgumentException(
                    "rope %s: rotaryDim is %d, expected at least 4".formatted(rule, rotaryDim));
        }
    }

    static void requireOnePerPair(String rule, String what, int count, int rotaryDim) {
        if (count != rotaryDim / 2) {
            throw new IllegalArgumentException(
                    "rope %s: there are %d %s, expected rotaryDim/2 = %d".formatted(rule, count, what, rotaryDim / 2));
        }
    }
}
