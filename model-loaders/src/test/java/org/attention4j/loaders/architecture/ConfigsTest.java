package org.attention4j.loaders.architecture;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.loaders.Config;
import org.junit.jupiter.api.Test;

class ConfigsTest {
    private static Config config(Map<String, Object> values) {
        return Config.of(Path.of("config.json"), values);
    }

    @Test
    void aWindowThatTheContextNeverOutgrowsIsNone() {
        assertEquals(0, Configs.window(config(Map.of()), 0));
        assertEquals(7, Configs.window(config(Map.of()), 7));
        assertEquals(63, Configs.window(config(Map.of("sliding_window", 63, "max_position_embeddings", 64)), 0));
        assertEquals(0, Configs.window(config(Map.of("sliding_window", 64, "max_position_embeddings", 64)), 0));
        assertEquals(0, Configs.window(config(Map.of("sliding_window", 0)), 7));
        assertRefused(
                () -> Configs.window(config(Map.of("sliding_window", -1)), 7),
                "'sliding_window' is -1, expected 0 or a positive integer");
    }

    @Test
    void everyNthLayerSeesEverything() {
        assertArrayEquals(new boolean[] {true, false, true}, slides(Map.of(), 2));
        assertArrayEquals(new boolean[] {true, true, false}, slides(Map.of("sliding_window_pattern", 3), 2));
        assertArrayEquals(new boolean[] {false, false, false}, slides(Map.of("sliding_window_pattern", 1), 2));
    }

    @Test
    void orLayersSayForThemselves() {
        assertArrayEquals(
                new boolean[] {false, true, true},
                slides(Map.of("sliding_window_pattern", List.of(false, true, true)), 2));
        List<String> types = List.of("sliding_attention", "full_attention", "sliding_attention");
        assertArrayEquals(
                new boolean[] {true, false, true},
                slides(Map.of("layer_types", types, "sliding_window_pattern", 3), 2));
        assertRefused(
                () -> slides(Map.of("sliding_window_pattern", List.of(true)), 2),
                "'sliding_window_pattern' is an array of 1, expected a truth value for each layer");
        assertRefused(
                () -> slides(Map.of("layer_types", List.of("x")), 2),
                "'layer_types' is an array of 1, expected one type for each layer");
        assertRefused(
                () -> slides(Map.of("sliding_window_pattern", 0), 2),
                "'sliding_window_pattern' is 0, expected a positive integer");
    }

    private static boolean[] slides(Map<String, Object> values, int fallback) {
        boolean[] slides = new boolean[3];
        for (int i = 0; i < slides.length; i++) {
            slides[i] = Configs.slides(config(values), i, fallback);
        }
        return slides;
    }
}
