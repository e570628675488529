package org.attention4j.testkit;

/**
 * How far an actual value may be from an expected one: {@code |actual − expected| ≤ atol + rtol · |expected|}.
 *
 * @param atol the absolute part
 * @param rtol the part that grows with the expected value
 */
public record Tolerance(double atol, double rtol) {
    /** Equal, bit by bit but for the sign of zero. */
    public static final Tolerance EXACT = new Tolerance(0, 0);

    /** True if both are the same number, infinity or NaN, or near enough. */
    public boolean allows(double expected, double actual) {
        boolean same = expected == actual || (Double.isNaN(expected) && Double.isNaN(actual));
        boolean finite = Double.isFinite(expected) && Double.isFinite(actual);
        return same || (finite && Math.abs(actual - expected) <= atol + rtol * Math.abs(expected));
    }

    /** By what factor a difference is more than is allowed; at most 1 if it is allowed. */
    double excess(double expected, double actual) {
        if (allows(expected, actual)) {
            return 0;
        }
        double excess = Math.abs(actual - expected) / (atol + rtol * Math.abs(expected));
        return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
    }

    @Override
    public String toString() {
        return "%.3g + %.3g·|expected|".formatted(atol, rtol);
    }
}
