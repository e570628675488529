package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.loaders.io.Json;

/** Any bytes are a {@code tokenizer.json} that encodes, or refused with one line; above all, none ends the process. */
class TokenizerJsonFuzzTest {
    private static final Path NAME = Path.of("tokenizer.json");
    private static final List<String> TEXTS =
            List.of("", "a b<s>ab é", " ".repeat(2000) + "yx", "a".repeat(2000) + "c");

    @FuzzTest
    void encodesOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> encode(bytes));
    }

    private static void encode(byte[] bytes) {
        Map<String, Object> members = new LinkedHashMap<>();
        Json.readObject(
                NAME,
                MemorySegment.ofArray(bytes),
                (key, parser) -> Json.value(parser).ifPresent(value -> members.put(key, value)));
        TokenizerJson json = TokenizerJson.of(new JsonView(NAME, "", members));
        SpecialTokens special =
                new SpecialTokens(json.template().prefix(), json.template().suffix(), OptionalInt.empty(), Set.of());
        try (JsonTokenizer tokenizer = new JsonTokenizer(NAME, json, special)) {
            for (String text : TEXTS) {
                tokenizer.decode(tokenizer.encode(text, EncodeOptions.TEMPLATE));
                tokenizer.decode(tokenizer.encode(text, EncodeOptions.PROMPT));
            }
        } catch (IllegalArgumentException e) {
            // The vocabulary can't express one of the texts.
        }
    }
}
