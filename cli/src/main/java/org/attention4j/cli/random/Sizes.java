package org.attention4j.cli.random;

import java.util.Map;
import java.util.TreeMap;

/**
 * Sizes as text, taken one by one.
 *
 * @param given those that were not taken yet, by name
 */
record Sizes(Map<String, String> given) {
    private static final int LARGEST = 1 << 24;

    /**
     * Reads {@code NAME=NUMBER,NAME=NUMBER}.
     *
     * @throws IllegalArgumentException if it is something else, or a name comes twice
     */
    static Sizes parse(String text) {
        Map<String, String> given = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length < 2 || given.put(pair[0], pair[1]) != null) {
                throw new IllegalArgumentException("shape: got '%s', expected NAME=NUMBER, each once".formatted(part));
            }
        }
        return new Sizes(given);
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    /** A fallback of 0 stands for none. */
    int take(String name, int fallback) {
        String text = given.remove(name);
        double value = text == null ? fallback : number(name, text);
        if (value != Math.rint(value) || value < 1 || value > LARGEST) {
            throw new IllegalArgumentException("shape: %s is %s, expected an integer from 1 to %d"
                    .formatted(name, text == null ? "missing" : text, LARGEST));
        }
        return (int) value;
    }

    double theta() {
        String text = given.remove("theta");
        double value = text == null ? 1e4 : number("theta", text);
        if (!(value > 1 && value < 1e12)) {
            throw new IllegalArgumentException("shape: theta is %s, expected more than 1".formatted(text));
        }
        return value;
    }

    /** All that was given must have been taken. */
    void requireNoMore(String expected) {
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("shape: got %s, expected %s".formatted(given.keySet(), expected));
        }
    }

    private static double number(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("shape: %s is '%s', expected a number".formatted(name, text), e);
        }
    }
}
