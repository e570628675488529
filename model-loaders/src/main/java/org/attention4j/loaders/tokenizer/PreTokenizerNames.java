package org.attention4j.loaders.tokenizer;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a {@code tokenizer.json} cuts words, as the name that GGUF files give to it. llama.cpp knows the pre-tokenizers of published
 * models by name, and no patterns.
 */
final class PreTokenizerNames {
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String DIGITS = "\\p{N}";
    private static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");

    /**
     * Steps that make words, and whether words that are tokens are taken whole.
     *
     * @param patterns of each step, in turn
     */
    private record Cutting(List<String> patterns, boolean wholeWords) {}

    private static final ImmutableMap<Cutting, String> NAMES = ImmutableMap.of(
            new Cutting(List.of(GPT2), false), "gpt-2",
            new Cutting(List.of(DIGITS, GPT2), false), "smollm",
            new Cutting(List.of(LLAMA3), true), "llama-bpe",
            new Cutting(List.of(LLAMA3), false), "dbrx",
            new Cutting(List.of(QWEN2), false), "qwen2");

    private PreTokenizerNames() {}

    /**
     * The name of a tokenizer's way.
     *
     * @param document a {@code tokenizer.json} of byte pairs
     * @throws org.attention4j.loaders.ModelFormatException if it cuts words in a way that has no name here
     */
    static String of(JsonView document) {
        List<String> patterns = new ArrayList<>();
        JsonView stage = document.get("pre_tokenizer");
        add(stage, patterns);
        boolean wholeWords = document.get("model").flag("ignore_merges", false);
        return Optional.ofNullable(NAMES.get(new Cutting(patterns, wholeWords)))
                .orElseThrow(() -> stage.error("cuts words by %s%s, which has no name for GGUF files here; known are %s"
                        .formatted(
                                patterns,
                                wholeWords ? " and takes whole words that are tokens" : "",
                                String.join(", ", NAMES.values()))));
    }

    private static void add(JsonView stage, List<String> patterns) {
        switch (stage.type()) {
            case "Sequence" -> stage.get("pretokenizers").elements().forEach(part -> add(part, patterns));
            case "ByteLevel" -> {
                if (stage.flag("add_prefix_space", true)) {
                    throw stage.error("puts a space before texts, which GGUF files of byte pairs can't tell");
                }
                if (stage.flag("use_regex", true)) {
                    patterns.add(GPT2);
                }
            }
            case "Digits" -> patterns.add(stage.flag("individual_digits", false) ? DIGITS : "\\p{N}+");
            case "Split" -> {
                JsonView behaviour = stage.get("behavior");
                if (!behaviour.text().equals("Isolated") || stage.flag("invert", false)) {
                    throw behaviour.bad("Isolated, and not inverted");
                }
                patterns.add(stage.get("pattern").get("Regex").text());
            }
            default -> throw stage.get("type").bad("ByteLevel, Digits, Split or a Sequence of them for GGUF files");
        }
    }
}
