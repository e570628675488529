package org.attention4j.cli.verify;

/** How near y a computed x must come: {@code |x − y| ≤ absolute + relative·|y|}. */
public record Tolerance(double absolute, double relative) {
    /** Whether x is near enough; NaN is near NaN only, an infinity near itself only. */
    public boolean accepts(double x, double y) {
        if (Double.isNaN(y) || Double.isInfinite(y)) {
            return Double.compare(x, y) == 0;
        }
        return Math.abs(x - y) <= absolute + relative * Math.abs(y);
    }

    /** For example {@code 1.0e-05 + 1.0e-04·|y|}. */
    @Override
    public String toString() {
        return "%.1e + %.1e·|y|".formatted(absolute, relative);
    }
}
