package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.JsonSamples.added;
import static org.attention4j.loaders.tokenizer.JsonSamples.byteLevel;
import static org.attention4j.loaders.tokenizer.JsonSamples.bytes;
import static org.attention4j.loaders.tokenizer.JsonSamples.model;
import static org.attention4j.loaders.tokenizer.JsonSamples.open;
import static org.attention4j.loaders.tokenizer.JsonSamples.split;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are broken, or that would end the process if the library got them. */
class TokenizerJsonTest {
    @TempDir
    private Path directory;

    private void refuses(Consumer<Map<String, Object>> change, String... fragments) {
        Map<String, Object> document = byteLevel(bytePairs("gpt-2", "a b"), bytes(true));
        change.accept(document);
        assertRefused(() -> open(directory, document), fragments);
    }

    @Test
    void refusesWhatIsNoTokenizer() {
        assertRefused(() -> open(directory, List.of()), "tokenizer.json", "not an object");
        assertRefused(() -> open(directory, Map.of()), "the document", "'model'");
        assertRefused(() -> Tokenizers.ofJson(directory.resolve("missing.json")), "missing.json", "no such file");
        assertRefused(
                () -> Tokenizers.ofJson(Files.writeString(directory.resolve("cut.json"), "{\"model\": {")), "cut.json");
        assertRefused(
                () -> Tokenizers.ofJson(
                        Files.writeString(directory.resolve("x.json"), "{\"model\":{\"a\":1,\"a\":2}}")),
                "x.json",
                "uplicate");
    }

    @Test
    void refusesBrokenVocabularies() {
        refuses(
                document -> {
                    document.remove("added_tokens");
                    model(document).put("vocab", Map.of());
                },
                "'model.vocab'",
                "no tokens");
        refuses(document -> model(document).put("vocab", Map.of("a", -1)), "'model.vocab.a'", "'-1'", "token id");
        refuses(document -> model(document).put("vocab", Map.of("a", 1L << 40)), "'model.vocab.a'", "token id");
        refuses(
                document -> {
                    document.put("added_tokens", List.of());
                    model(document).put("vocab", Map.of("a", 0, "b", 2_000_000_000));
                },
                "2 tokens",
                "2000000000");
        refuses(
                document -> model(document).put("vocab", List.of(List.of("a", 0.0), List.of("a", 0.0))),
                "'model.vocab[1]'",
                "'a'",
                "also token 0");
        refuses(document -> model(document).put("vocab", List.of(List.of("", 0.0))), "'model.vocab[0]'");
        refuses(document -> model(document).remove("merges"), "tokenizers library", "merges");
        refuses(document -> model(document).put("merges", List.of("a zz")), "tokenizers library", "out of vocabulary");
        refuses(document -> model(document).put("type", "Weird"), "tokenizers library");
    }

    @Test
    void refusesAddedTokensThatDoNotFitTheVocabulary() {
        refuses(
                document -> document.put("added_tokens", List.of(added(7, "zz", true))),
                "'zz'",
                "the id 7",
                "makes it 258");
        refuses(document -> document.put("added_tokens", List.of(added(258, "", true))), "'added_tokens[0]'");
        refuses(
                document -> document.put("added_tokens", List.of(added(258, "zz", true), added(258, "zz", true))),
                "'added_tokens[1]'",
                "258");
        refuses(document -> document.put("added_tokens", List.of(Map.of("id", 1))), "'added_tokens[0]'", "'content'");
    }

    @Test
    void refusesTemplatesThatNameMissingTokens() {
        refuses(
                document -> {
                    Map<String, Object> template = new LinkedHashMap<>(JsonSamples.before("<s>", 1));
                    template.put("special_tokens", Map.of());
                    document.put("post_processor", template);
                },
                "'post_processor.special_tokens'",
                "'<s>'");
        refuses(document -> document.put("post_processor", JsonSamples.before("<s>", 999)), "'post_processor'", "999");
        refuses(
                document -> document.put(
                        "post_processor", Map.of("type", "BertProcessing", "cls", List.of(), "sep", List.of())),
                "'post_processor.cls'");
        refuses(
                document -> document.put("post_processor", Map.of("type", "Weird")),
                "'post_processor.type'",
                "'Weird'");
    }

    @Test
    void refusesPatternsThatMayTakeForever() {
        refuses(
                document -> document.put("pre_tokenizer", split("( | )*x")),
                "'pre_tokenizer.pretokenizers[0].pattern.Regex'");
        refuses(
                document -> document.put(
                        "normalizer", Map.of("type", "Replace", "pattern", Map.of("Regex", "(a+)+b"), "content", "")),
                "'normalizer.pattern.Regex'");
    }

    @Test
    void refusesOtherTraps() {
        refuses(
                document -> document.put("normalizer", Map.of("type", "Precompiled", "precompiled_charsmap", "AAAA")),
                "'normalizer.precompiled_charsmap'");
        refuses(
                document -> {
                    model(document).put("continuing_subword_prefix", "##");
                    model(document).put("merges", List.of(List.of("a", "b")));
                },
                "'model.merges[0]'",
                "'##'");
        refuses(
                document -> {
                    model(document).put("continuing_subword_prefix", "##");
                    model(document).put("merges", List.of(List.of()));
                },
                "'model.merges[0]'");
        refuses(
                document -> model(document).put("max_input_chars_per_word", 1_000_000_000),
                "'model.max_input_chars_per_word'",
                "10000");
        refuses(document -> document.put("decoder", Map.of("type", "CTC")), "'decoder.type'", "'CTC'");
        refuses(
                document -> document.put("decoder", Map.of("type", "Strip", "content", "x", "start", 0, "stop", 9)),
                "'decoder'",
                "strips");
    }

    @Test
    void refusesDocumentsNestedTooDeep() {
        Object nested = "x";
        for (int depth = 0; depth < 100; depth++) {
            nested = Collections.singletonMap("pretokenizers", nested);
        }
        Object deep = nested;
        refuses(document -> document.put("pre_tokenizer", deep), "tokenizer.json");
    }
}
