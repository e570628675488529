package org.attention4j.loaders.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The ways of cutting words that byte-level vocabularies were trained with, by their names in {@code tokenizer.ggml.pre}. The
 * patterns are those of the models' own {@code tokenizer.json}, with classes read as Unicode defines them.
 */
final class PreTokenizers {
    /**
     * How a vocabulary treats text.
     *
     * @param words how words are cut
     * @param wholeWordsFirst whether a word that is a token becomes it even if no merges lead there
     * @param addsBos whether the beginning of sequence is added unless the model says otherwise
     */
    record Kind(PreTokenizer words, boolean wholeWordsFirst, boolean addsBos) {}

    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String CONTRACTION = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String OTHERS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES;
    private static final String OTHERS_AND_SLASHES = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES;
    private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String CASED_WORDS =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+%1$s"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*%1$s|";
    private static final String DIGIT = "\\p{N}|";
    private static final String DIGITS = "\\p{N}{1,3}|";
    private static final String LLAMA3 = CONTRACTION + "|" + WORDS + DIGITS + OTHERS;
    private static final String QWEN2 = CONTRACTION + "|" + WORDS + DIGIT + OTHERS;
    private static final String GPT4O = CASED_WORDS.formatted("(?:" + CONTRACTION + ")?") + DIGITS + OTHERS_AND_SLASHES;
    private static final String TEKKEN = CASED_WORDS.formatted("") + DIGIT + OTHERS_AND_SLASHES;
    private static final String BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";
    private static final String DEEPSEEK_V3 = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|" + SPACES;
    private static final String DEEPSEEK_CJK = "[一-龥\u0800-一가-\ud7ff]+";

    /** The letters that DeepSeek lists: the cased ones of Unicode 10 but for some scripts, as hexadecimal code points. */
    private static final String DEEPSEEK_LETTERS =
            "41-5a 61-7a b5 c0-d6 d8-f6 f8-1ba 1bc-1bf 1c4-293 295-2af 370-373 376-377 37b-37d 37f 386 388-38a "
                    + "38c 38e-3a1 3a3-3f5 3f7-481 48a-52f 531-556 10a0-10c5 13a0-13f5 13f8-13fd 1c90-1cba 1cbd-1cbf "
                    + "1d00-1d2b 1d6b-1d77 1d79-1d9a 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d "
                    + "1f5f-1f7d 1f80-1fb4 1fb6-1fbc 1fbe 1fc2-1fc4 1fc6-1fcc 1fd0-1fd3 1fd6-1fdb 1fe0-1fec 1ff2-1ff4 "
                    + "1ff6-1ffc 2102 2107 210a-2113 2115 2119-211d 2124 2126 2128 212a-212d 212f-2134 2139 213c-213f "
                    + "2145-2149 214e 2183-2184 2c00-2c7b 2c7e-2ce4 2ceb-2cee 2cf2-2cf3 a640-a66d a680-a69b a722-a76f "
                    + "a771-a787 a78b-a78e ab70-abbf fb00-fb06 fb13-fb17 ff21-ff3a ff41-ff5a 10400-1044f 104b0-104d3 "
                    + "104d8-104fb 10c80-10cb2 10cc0-10cf2 118a0-118df 1e900-1e943";

    private static final Map<String, Kind> KINDS = kinds();

    private PreTokenizers() {}

    /** The kind of this name. */
    static Optional<Kind> find(String name) {
        return Optional.ofNullable(KINDS.get(name));
    }

    /** All names in order. */
    static List<String> names() {
        return List.copyOf(KINDS.keySet());
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new TreeMap<>();
        register(kinds, plain(GPT2), "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4");
        register(kinds, plain(GPT2), "gigachat", "a.x-4.0", "mellum", "modern-bert", "jina-es", "jina-de");
        register(
                kinds,
                plain("\\p{N}", GPT2),
                "starcoder",
                "refact",
                "command-r",
                "smollm",
                "codeshell",
                "exaone",
                "minerva-7b",
                "mellum2");
        register(kinds, plain("[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"), "default");
        register(kinds, plain("[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]"), "falcon");
        register(
                kinds,
                new Kind(cutBy(LLAMA3), true, true),
                "llama3",
                "llama-v3",
                "llama-bpe",
                "falcon3",
                "falcon-h1",
                "pixtral",
                "midm-2.0",
                "lfm2");
        register(kinds, plain(LLAMA3), "dbrx", "smaug-bpe", "chatglm-bpe", "glm4");
        register(
                kinds,
                plain(QWEN2),
                "qwen2",
                "deepseek-r1-qwen",
                "stablelm2",
                "hunyuan",
                "megrez",
                "grok-2",
                "solar-open",
                "kormo");
        register(
                kinds,
                plain(CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|" + DIGIT
                        + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" + SPACES),
                "qwen35");
        register(kinds, plain(GPT4O), "gpt-4o", "llama4", "kanana2", "minimax-m2");
        register(kinds, new Kind(cutBy(TEKKEN), true, true), "tekken");
        register(
                kinds,
                plain(
                        "[\\r\\n]",
                        "\\s?" + oneOf(DEEPSEEK_LETTERS) + "+",
                        "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
                        "\\s+$",
                        DEEPSEEK_CJK,
                        "\\p{N}+"),
                "deepseek-llm");
        register(kinds, plain("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", DEEPSEEK_CJK, "\\p{N}"), "deepseek-coder");
        register(kinds, plain("\\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", DEEPSEEK_V3), "deepseek-v3", "hunyuan-dense");
        register(kinds, plain(BLOOM), "bloom", "poro-chat", "gpt3-finnish");
        register(kinds, plain(BLOOM, "\\p{N}"), "viking");
        register(
                kinds,
                plain("'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|" + WORDS + DIGIT
                        + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                "bailingmoe",
                "llada-moe");
        register(
                kinds,
                plain(CONTRACTION + "|" + WORDS + DIGIT + " ?[^\\s\\p{L}\\p{N}\\r\\n]+|" + SPACES),
                "seed-coder");
        return Collections.unmodifiableMap(kinds);
    }

    private static void register(Map<String, Kind> kinds, Kind kind, String... names) {
        for (String name : names) {
            kinds.put(name, kind);
        }
    }

    private static Kind plain(String... patterns) {
        return new Kind(cutBy(patterns), false, false);
    }

    private static String oneOf(String codePoints) {
        return "[" + codePoints.replaceAll("([0-9a-f]+)", "\\\\x{$1}").replace(" ", "") + "]";
    }

    private static PreTokenizer cutBy(String... patterns) {
        List<Pattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            compiled.add(Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS));
        }
        return new PreTokenizer(compiled);
    }
}
