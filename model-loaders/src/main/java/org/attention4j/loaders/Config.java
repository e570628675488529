package org.attention4j.loaders;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A typed view of configuration values. Every getter checks the type and range of what the file holds and throws a
 * {@link ModelFormatException} that names the file, the key as the file spells it, the value and what was expected. The
 * getters with a fallback return it if the key is absent (or {@code null} in JSON), never if the value is of a wrong type.
 */
public final class Config {
    /** Where values come from: a file format's translation of keys to what its file holds. */
    public interface Source {
        /** The file that holds the values. */
        Path file();

        /** The keys that the file has, spelled as in the file. */
        Set<String> keys();

        /**
         * The value under a key: a {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code String}, or a
         * {@code List} or string-keyed {@code Map} of those.
         */
        Optional<Object> find(String key);

        /** How the file spells the key: the spelling under which {@link #find} found it, or else the usual one. */
        String spelling(String key);
    }

    private final Source source;
    private final String prefix;

    private Config(Source source, String prefix) {
        this.source = source;
        this.prefix = prefix;
    }

    /** A view of all values of a source. */
    public static Config of(Source source) {
        return new Config(source, "");
    }

    /** A view of a map of the values that {@link Source#find} may return, under its own keys. */
    public static Config of(Path file, Map<String, Object> values) {
        return of(new Source() {
            @Override
            public Path file() {
                return file;
            }

            @Override
            public Set<String> keys() {
                return Collections.unmodifiableSet(values.keySet());
            }

            @Override
            public Optional<Object> find(String key) {
                return Optional.ofNullable(values.get(key));
            }

            @Override
            public String spelling(String key) {
                return key;
            }
        });
    }

    /** The keys below {@code name}: {@code section("rope_parameters").number("factor")} reads {@code rope_parameters.factor}. */
    public Config section(String name) {
        return new Config(source, prefix + name + ".");
    }

    /** The file that holds the values. */
    public Path file() {
        return source.file();
    }

    /** All keys of the file, spelled as in the file. */
    public Set<String> keys() {
        return source.keys();
    }

    /** Whether the file has a value for the key. */
    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** The value as it is, for printing: a number, a string, a boolean, a list or a map. */
    public Optional<Object> find(String key) {
        return source.find(prefix + key);
    }

    /** A required size: an integer from 1 to 2³¹ − 1. */
    public int size(String key) {
        return toSize(key, required(key, "a positive integer"));
    }

    /** A size: an integer from 1 to 2³¹ − 1. */
    public int size(String key, int fallback) {
        return find(key).map(v -> toSize(key, v)).orElse(fallback);
    }

    /**
     * A size for each of {@code count} layers, which the file states once for all or as an array with one entry per layer.
     * Entries of an array may be 0.
     */
    public int[] sizes(String key, int count) {
        Object value = required(key, "a positive integer or an array of " + count);
        if (!(value instanceof List<?> list)) {
            int[] same = new int[count];
            Arrays.fill(same, toSize(key, value));
            return same;
        }
        if (list.size() != count) {
            throw bad(key, "%d integers, one per layer".formatted(count));
        }
        return list.stream()
                .mapToInt(v -> toInt(key, v, 0, "non-negative integers"))
                .toArray();
    }

    /** A required 32-bit integer. */
    public int integer(String key) {
        return toInt(key, required(key, "an integer"), Integer.MIN_VALUE, "a 32-bit integer");
    }

    /** A 32-bit integer. */
    public int integer(String key, int fallback) {
        return find(key)
                .map(v -> toInt(key, v, Integer.MIN_VALUE, "a 32-bit integer"))
                .orElse(fallback);
    }

    /** A required finite number. */
    public double number(String key) {
        return toFinite(key, required(key, "a number"));
    }

    /** A finite number. */
    public double number(String key, double fallback) {
        return find(key).map(v -> toFinite(key, v)).orElse(fallback);
    }

    /** A required truth value. */
    public boolean flag(String key) {
        return toFlag(key, required(key, "true or false"));
    }

    /** A truth value. */
    public boolean flag(String key, boolean fallback) {
        return find(key).map(v -> toFlag(key, v)).orElse(fallback);
    }

    /** A required string. */
    public String text(String key) {
        return toText(key, required(key, "a string"));
    }

    /** A string. */
    public String text(String key, String fallback) {
        return find(key).map(v -> toText(key, v)).orElse(fallback);
    }

    /** A required array of strings, as an immutable copy. */
    public List<String> texts(String key) {
        return array(key, "an array of strings", v -> toText(key, v));
    }

    /** A required array of 32-bit integers. */
    public int[] integers(String key) {
        return list(key, "an array of integers").stream()
                .mapToInt(v -> toInt(key, v, Integer.MIN_VALUE, "32-bit integers"))
                .toArray();
    }

    /** A required array of truth values. */
    public List<Boolean> flags(String key) {
        return array(key, "an array of truth values", v -> toFlag(key, v));
    }

    /** A required array of numbers, which may be infinite but not NaN. */
    public double[] numbers(String key) {
        return list(key, "an array of numbers").stream()
                .mapToDouble(v -> toNumber(key, v))
                .toArray();
    }

    /** The error for a value that is there but does not fit; {@code expected} says what would have. */
    public ModelFormatException bad(String key, String expected) {
        return new ModelFormatException(source.file(), message(key, expected));
    }

    /** The same for a value that may well be right, but is none of those supported, which {@code expected} lists. */
    public UnsupportedModelException unsupported(String key, String expected) {
        return new UnsupportedModelException(source.file(), message(key, expected));
    }

    private String message(String key, String expected) {
        String value = find(key).map(Config::describe).orElse("missing");
        return "%s is %s, expected %s".formatted(quote(source.spelling(prefix + key)), value, expected);
    }

    private Object required(String key, String expected) {
        return find(key).orElseThrow(() -> bad(key, expected));
    }

    private <T> List<T> array(String key, String expected, Function<Object, T> element) {
        return list(key, expected).stream().<T>map(element).toList();
    }

    private List<?> list(String key, String expected) {
        if (!(required(key, expected) instanceof List<?> list)) {
            throw bad(key, expected);
        }
        return list;
    }

    private int toSize(String key, Object value) {
        return toInt(key, value, 1, "a positive integer");
    }

    private int toInt(String key, Object value, int min, String expected) {
        double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
        if (number != Math.rint(number) || number < min || number > Integer.MAX_VALUE) {
            throw bad(key, expected);
        }
        return (int) number;
    }

    private double toFinite(String key, Object value) {
        double number = toNumber(key, value);
        if (!Double.isFinite(number)) {
            throw bad(key, "a finite number");
        }
        return number;
    }

    private double toNumber(String key, Object value) {
        if (!(value instanceof Number n) || Double.isNaN(n.doubleValue())) {
            throw bad(key, "a number");
        }
        return n.doubleValue();
    }

    private boolean toFlag(String key, Object value) {
        if (!(value instanceof Boolean b)) {
            throw bad(key, "true or false");
        }
        return b;
    }

    private String toText(String key, Object value) {
        if (!(value instanceof String s)) {
            throw bad(key, "a string");
        }
        return s;
    }

    private static String describe(Object value) {
        return switch (value) {
            case String s -> quote(s);
            case List<?> list -> "an array of " + list.size();
            case Map<?, ?> map -> "an object";
            case BigInteger big
            when big.bitLength() > 64 ->
                new BigDecimal(big).round(MathContext.DECIMAL32).toString();
            default -> value.toString();
        };
    }
}
