package org.attention4j.loaders.hf;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.attention4j.loaders.Config;

/** Any bytes are read as a configuration or refused with one line, whatever is asked of it. */
class HfConfigFuzzTest {
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> {
            HfConfig source = HfConfig.of(Path.of("config.json"), MemorySegment.ofArray(bytes));
            Config config = Config.of(source);
            assertReadOrRefused(source::architecture);
            for (String key : config.keys()) {
                askForEverything(config, key);
            }
            askForEverything(config, "hidden_size");
            askForEverything(config, "rope_parameters.factor");
            askForEverything(config, "rope_parameters.sliding_attention.rope_theta");
        });
    }

    private static void askForEverything(Config config, String key) {
        assertReadOrRefused(() -> config.size(key));
        assertReadOrRefused(() -> config.sizes(key, 2));
        assertReadOrRefused(() -> config.integer(key));
        assertReadOrRefused(() -> config.number(key));
        assertReadOrRefused(() -> config.flag(key));
        assertReadOrRefused(() -> config.text(key));
        assertReadOrRefused(() -> config.texts(key));
        assertReadOrRefused(() -> config.integers(key));
        assertReadOrRefused(() -> config.numbers(key));
    }
}
