package org.attention4j.cli.report;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people. */
public final class Units {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    /** Bytes with a binary unit, such as {@code 1.5 MiB}. */
    public static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : format("%.1f %s", value, BINARY[unit]);
    }

    /** A count with its thousands set apart. */
    public static String count(long n) {
        return format("%,d", n);
    }

    /** A time in seconds. */
    public static String seconds(Duration time) {
        return format("%.3f s", time.toNanos() / 1e9);
    }

    /** Formats without regard to the locale. */
    public static String format(String pattern, Object... args) {
        return String.format(Locale.ROOT, pattern, args);
    }
}
