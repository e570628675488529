package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.BadInput.assertReadOrRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Config;

/**
 * Any metadata make a tokenizer or are refused with one line, and what a tokenizer encodes it also decodes. An input is lines of
 * {@code key=value}: lists are separated by {@code |}, numbers are written as such, {@code text} is what is encoded.
 */
class TokenizerMetadataFuzzTest {
    @FuzzTest
    void makesATokenizerOrRefuses(byte[] bytes) {
        Map<String, Object> metadata = new HashMap<>();
        for (String line : new String(bytes, UTF_8).lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                metadata.put(line.substring(0, equals), value(line.substring(equals + 1)));
            }
        }
        String text = String.valueOf(metadata.remove("text"));
        Config config = TokenizerSamples.metadata(metadata);
        assertReadOrRefused(() -> GgufTokenizers.of(config).ifPresent(tokenizer -> {
            assertEquals(
                    TokenizerInfo.of(tokenizer), GgufTokenizers.info(config).orElseThrow());
            use(tokenizer, text);
        }));
        assertReadOrRefused(() -> GgufTokenizers.info(config));
    }

    private static Object value(String text) {
        if (text.startsWith("[")) {
            return Arrays.stream(text.substring(1).split("\\|", -1))
                    .map(TokenizerMetadataFuzzTest::value)
                    .toList();
        }
        if (List.of("true", "false").contains(text)) {
            return Boolean.valueOf(text);
        }
        try {
            return text.contains(".") ? (Object) Double.valueOf(text) : (Object) Long.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static void use(Tokenizer tokenizer, String text) {
        int[] ids;
        try {
            ids = tokenizer.encode(text, true);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertEquals(tokenizer.decode(ids), TokenizerSamples.stream(tokenizer.newDecoder(), ids));
    }
}
