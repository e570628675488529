package org.attention4j.benchmarks.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people, without regard to the locale. */
final class Numbers {
    private static final int DIGITS = 3;

    private Numbers() {}

    /** As {@link String#format}. */
    static String format(String pattern, Object... args) {
        return String.format(Locale.ROOT, pattern, args);
    }

    /** A positive number with three digits that count, or all before the point. */
    static String figure(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(DIGITS));
        int beforePoint = rounded.precision() - rounded.scale();
        return format("%." + Math.max(0, DIGITS - beforePoint) + "f", value);
    }

    /** The median and the range of figures. */
    static String figures(Spread spread) {
        return "%s (%s to %s)".formatted(figure(spread.median()), figure(spread.min()), figure(spread.max()));
    }

    /** The median and the range of ratios. */
    static String ratios(Spread spread) {
        return format("%.2f (%.2f to %.2f)", spread.median(), spread.min(), spread.max());
    }
}
