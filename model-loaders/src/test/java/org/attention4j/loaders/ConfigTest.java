package org.attention4j.loaders;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private static final Config CONFIG = Config.of(
            Path.of("m.json"),
            Map.of(
                    "size",
                    4L,
                    "zero",
                    0L,
                    "huge",
                    BigInteger.TWO.pow(200),
                    "half",
                    0.5,
                    "whole",
                    8.0,
                    "infinite",
                    Double.POSITIVE_INFINITY,
                    "nan",
                    Double.NaN,
                    "text",
                    "words",
                    "flag",
                    true,
                    "list",
                    List.of(1L, 0L, 3L)));

    @Test
    void sizes() {
        assertEquals(4, CONFIG.size("size"));
        assertEquals(8, CONFIG.size("whole"));
        assertEquals(3, CONFIG.size("none", 3));
        assertRefused(() -> CONFIG.size("none"), "m.json", "'none' is missing, expected a positive integer");
        assertRefused(() -> CONFIG.size("zero"), "'zero' is 0, expected a positive integer");
        assertRefused(() -> CONFIG.size("zero", 3), "'zero' is 0");
        assertRefused(() -> CONFIG.size("half"), "'half' is 0.5");
        assertRefused(() -> CONFIG.size("huge"), "'huge' is 1.606938E+60");
        assertRefused(() -> CONFIG.size("nan"), "'nan' is NaN");
        assertRefused(() -> CONFIG.size("text"), "'text' is 'words'");
        assertRefused(() -> CONFIG.size("list"), "'list' is an array of 3");
    }

    @Test
    void sizesOfLayers() {
        assertArrayEquals(new int[] {4, 4}, CONFIG.sizes("size", 2));
        assertArrayEquals(new int[] {1, 0, 3}, CONFIG.sizes("list", 3));
        assertRefused(() -> CONFIG.sizes("list", 2), "'list' is an array of 3, expected 2 integers, one per layer");
        assertRefused(() -> CONFIG.sizes("zero", 2), "'zero' is 0");
    }

    @Test
    void integersAndNumbers() {
        assertEquals(0, CONFIG.integer("zero"));
        assertEquals(-1, CONFIG.integer("none", -1));
        assertRefused(() -> CONFIG.integer("half"), "'half' is 0.5, expected a 32-bit integer");
        assertEquals(0.5, CONFIG.number("half"));
        assertEquals(4, CONFIG.number("size"));
        assertEquals(2.5, CONFIG.number("none", 2.5));
        assertRefused(() -> CONFIG.number("infinite"), "'infinite' is Infinity, expected a finite number");
        assertRefused(() -> CONFIG.number("nan"), "'nan' is NaN, expected a number");
        assertRefused(() -> CONFIG.number("flag"), "'flag' is true, expected a number");
        assertArrayEquals(new int[] {1, 0, 3}, CONFIG.integers("list"));
        assertArrayEquals(new double[] {1, 0, 3}, CONFIG.numbers("list"));
        assertRefused(() -> CONFIG.integers("size"), "'size' is 4, expected an array of integers");
    }

    @Test
    void flagsAndTexts() {
        assertTrue(CONFIG.flag("flag"));
        assertFalse(CONFIG.flag("none", false));
        assertRefused(() -> CONFIG.flag("zero"), "'zero' is 0, expected true or false");
        assertEquals("words", CONFIG.text("text"));
        assertEquals("other", CONFIG.text("none", "other"));
        assertRefused(() -> CONFIG.text("size", "other"), "'size' is 4, expected a string");
        assertRefused(() -> CONFIG.texts("list"), "'list' is an array of 3, expected a string");
    }

    @Test
    void sections() {
        Config config = Config.of(Path.of("m.json"), Map.of("a.b.c", 5L, "c", 6L));
        assertEquals(5, config.section("a").section("b").size("c"));
        assertFalse(config.section("a").has("c"));
        assertRefused(() -> config.section("a").size("x"), "'a.x' is missing");
    }
}
