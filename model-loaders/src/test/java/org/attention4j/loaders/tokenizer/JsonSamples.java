package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import tools.jackson.databind.json.JsonMapper;

/** Small {@code tokenizer.json} documents. */
final class JsonSamples {
    private JsonSamples() {}

    /** The document that says the same as a byte-level vocabulary in GGUF metadata. */
    static Map<String, Object> byteLevel(Map<String, Object> metadata, Object preTokenizer) {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        List<Object> added = new ArrayList<>();
        List<Object> types = TokenizerSamples.list(metadata, "token_type");
        for (Object token : TokenizerSamples.list(metadata, "tokens")) {
            int id = vocabulary.size();
            vocabulary.put((String) token, id);
            if (!types.get(id).equals(1L)) {
                added.add(added(id, (String) token, types.get(id).equals(3L)));
            }
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", TokenizerSamples.list(metadata, "merges"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", "1.0");
        document.put(
                "truncation", Map.of("max_length", 2, "strategy", "LongestFirst", "stride", 9, "direction", "Right"));
        document.put("added_tokens", added);
        document.put("pre_tokenizer", preTokenizer);
        document.put("decoder", Map.of("type", "ByteLevel"));
        document.put("model", model);
        return document;
    }

    static Map<String, Object> added(int id, String content, boolean special) {
        return Map.of(
                "id", id,
                "content", content,
                "special", special,
                "normalized", false,
                "single_word", false,
                "lstrip", false,
                "rstrip", false);
    }

    /** GPT-2's way of cutting words, or only the spelling of bytes. */
    static Map<String, Object> bytes(boolean cutsWords) {
        return Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", cutsWords);
    }

    /** Cuts at a regular expression, then spells bytes. */
    static Map<String, Object> split(String pattern) {
        Map<String, Object> split =
                Map.of("type", "Split", "pattern", Map.of("Regex", pattern), "behavior", "Isolated", "invert", false);
        return Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes(false)));
    }

    /** The model's part of a document, to be changed. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> model(Map<String, Object> document) {
        return (Map<String, Object>) Objects.requireNonNull(document.get("model"));
    }

    /** A template that puts a token before the text. */
    static Map<String, Object> before(String token, int id) {
        return Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(
                        Map.of("SpecialToken", Map.of("id", token, "type_id", 0)),
                        Map.of("Sequence", Map.of("id", "A", "type_id", 0))),
                "pair",
                List.of(),
                "special_tokens",
                Map.of(token, Map.of("id", token, "ids", List.of(id), "tokens", List.of(token))));
    }

    /** Writes a document to a file of a directory. */
    static Path write(Path directory, String name, Object document) throws IOException {
        return Files.writeString(directory.resolve(name), new JsonMapper().writeValueAsString(document));
    }

    /** Writes a document and opens the tokenizer that it is, which looks the same read in part. */
    static Tokenizer open(Path directory, Object document) throws IOException {
        Path file = write(directory, "tokenizer.json", document);
        Tokenizer tokenizer = Tokenizers.ofJson(file);
        assertEquals(TokenizerInfo.of(tokenizer), Tokenizers.info(file));
        return tokenizer;
    }
}
