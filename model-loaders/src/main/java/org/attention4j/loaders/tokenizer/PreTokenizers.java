package org.attention4j.loaders.tokenizer;

import com.google.common.base.Suppliers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.attention4j.loaders.tokenizer.PreTokenizer.GroupDigits;
import org.attention4j.loaders.tokenizer.PreTokenizer.Isolate;
import org.attention4j.loaders.tokenizer.PreTokenizer.Step;

/**
 * The ways of cutting words that vocabularies of byte-pair encodings were trained with, by their names in
 * {@code tokenizer.ggml.pre}. The patterns are those of the models' own {@code tokenizer.json}, with classes read as Unicode
 * defines them.
 */
final class PreTokenizers {
    /** Which words that are tokens become them even if no merges lead there. */
    enum WholeWords {
        NONE,
        LINE_BREAKS,
        ALL
    }

    /**
     * How a vocabulary treats text.
     *
     * @param words how words are cut
     * @param wholeWords which words are looked up before they are merged
     * @param addsBos whether the beginning of sequence is added unless the model says otherwise
     * @param spellsBytes whether tokens are spelled in the alphabet of bytes; else in characters, with {@code ▁} for a space
     */
    record Kind(PreTokenizer words, WholeWords wholeWords, boolean addsBos, boolean spellsBytes) {
        /** For people. */
        String description() {
            return spellsBytes ? BYTE_LEVEL : CHARACTERS;
        }
    }

    static final String BYTE_LEVEL = "byte-level BPE";
    static final String CHARACTERS = "BPE of characters";

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
        Kind gpt2 = plain(WordPatterns.GPT2);
        register(kinds, gpt2, "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4");
        register(kinds, gpt2, "gigachat", "a.x-4.0", "mellum", "modern-bert", "roberta-bpe");
        register(kinds, gpt2, "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de", "jina-v2-code");
        Kind digitsThenGpt2 = plain("\\p{N}", WordPatterns.GPT2);
        register(kinds, digitsThenGpt2, "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone");
        register(kinds, digitsThenGpt2, "minerva-7b", "mellum2");
        register(kinds, plain("[\\p{P}$+<=>^~|]+", WordPatterns.GPT2, "\\p{N}+", "[0-9][0-9][0-9]"), "default");
        register(kinds, plain("[\\p{P}$+<=>^~|`]+", WordPatterns.GPT2, "[0-9][0-9][0-9]"), "falcon");
        register(
                kinds,
                plain(
                        "<sentinel:[0-9]+>",
                        "IMGIMG[A-I]{1,4}Z",
                        "[\\t\\n]|    |  ",
                        "\\p{N}",
                        "[\\p{P}!-/:-@\\[-`{-~]",
                        WordPatterns.GPT2),
                "chameleon");
        registerLlama3(kinds);
        registerQwen2(kinds);
        registerGpt4o(kinds);
        registerDeepseek(kinds);
        register(kinds, plain(WordPatterns.BLOOM), "bloom", "poro-chat", "gpt3-finnish");
        register(kinds, plain(WordPatterns.BLOOM, "\\p{N}"), "viking");
        register(
                kinds,
                new Kind(
                        new PreTokenizer(List.of(isolate("\\p{N}+"), new GroupDigits(compile("\\p{Nd}++"), false))),
                        WholeWords.NONE,
                        false,
                        true),
                "superbpe");
        Kind lines = new Kind(cutBy(WordPatterns.LINES), WholeWords.LINE_BREAKS, true, false);
        register(kinds, lines, "gemma4", "granite-embed-multi-311m");
        register(kinds, new Kind(cutBy(WordPatterns.LINES), WholeWords.NONE, false, false), "sarvam-moe");
        return Collections.unmodifiableMap(kinds);
    }

    private static void registerLlama3(Map<String, Kind> kinds) {
        Kind llama3 = new Kind(cutBy(WordPatterns.LLAMA3), WholeWords.ALL, true, true);
        register(kinds, llama3, "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral");
        register(kinds, llama3, "midm-2.0", "lfm2", "jina-v5-nano");
        register(kinds, plain(WordPatterns.LLAMA3), "dbrx", "smaug-bpe", "chatglm-bpe", "glm4");
        register(kinds, plain(WordPatterns.JAIS2), "jais-2");
        register(kinds, new Kind(cutBy("\\p{N}{1,3}", WordPatterns.MINICPM5), WholeWords.ALL, false, true), "minicpm5");
    }

    private static void registerQwen2(Map<String, Kind> kinds) {
        Kind qwen2 = plain(WordPatterns.QWEN2);
        register(kinds, qwen2, "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez", "grok-2");
        register(kinds, qwen2, "solar-open", "kormo", "f2llmv2");
        register(kinds, plain(WordPatterns.QWEN35), "qwen35");
        register(kinds, plain(WordPatterns.LINES, WordPatterns.QWEN2), "laguna");
        register(kinds, plain(WordPatterns.UFAKZEKA), "ufakzeka");
        register(kinds, plain(WordPatterns.BAILING), "bailingmoe", "bailingmoe2", "llada-moe");
        register(kinds, plain(WordPatterns.SEED_CODER), "seed-coder");
        register(kinds, plain(WordPatterns.EXAONE_MOE), "exaone-moe");
    }

    private static void registerGpt4o(Map<String, Kind> kinds) {
        Kind gpt4o = plain(WordPatterns.GPT4O);
        register(kinds, gpt4o, "gpt-4o", "llama4", "kanana2", "minimax-m2", "talkie");
        register(kinds, new Kind(cutBy(WordPatterns.GPT4O), WholeWords.ALL, false, true), "granite-embed-multi-97m");
        register(kinds, new Kind(cutBy(WordPatterns.TEKKEN), WholeWords.ALL, true, true), "tekken");
        register(kinds, plain(WordPatterns.KIMI), "kimi-k2");
        register(
                kinds,
                new Kind(cutBy(WordPatterns.YOUTU_SCRIPTS, WordPatterns.YOUTU), WholeWords.ALL, false, true),
                "youtu");
        // The lookbehind keeps the search from starting again at each digit of a number that ends within a word. The
        // last six
        // characters are parts of words to the expressions' engine.
        Step groups = new GroupDigits(compile("(?<!\\d)\\d++(?![\\p{IsAlphabetic}\\p{M}\\d\\p{Pc}²³¹¼½¾])"), true);
        register(
                kinds,
                new Kind(new PreTokenizer(List.of(groups, isolate(WordPatterns.GPT4O))), WholeWords.NONE, false, true),
                "tiny_aya",
                "cohere2moe");
    }

    private static void registerDeepseek(Map<String, Kind> kinds) {
        register(
                kinds,
                plain(
                        "[\\r\\n]",
                        "\\s?" + WordPatterns.DEEPSEEK_LETTERS + "+",
                        "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
                        "\\s+$",
                        WordPatterns.DEEPSEEK_CJK,
                        "\\p{N}+"),
                "deepseek-llm");
        register(
                kinds,
                plain("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", WordPatterns.DEEPSEEK_CJK, "\\p{N}"),
                "deepseek-coder");
        Kind v3 = plain("\\p{N}{1,3}", WordPatterns.KANJI_AND_KANA, WordPatterns.DEEPSEEK_V3);
        register(kinds, v3, "deepseek-v3", "hunyuan-dense", "hy_v4", "joyai-llm");
        register(kinds, plain("\\p{N}{1,3}", WordPatterns.KANJI_AND_KANA, WordPatterns.SPARK, "\\p{N}"), "spark2_5");
        Step groups = new GroupDigits(compile("\\p{N}++"), true);
        register(
                kinds,
                new Kind(
                        new PreTokenizer(List.of(
                                groups, isolate(WordPatterns.AFMOE_SCRIPTS), isolate(WordPatterns.DEEPSEEK_V3))),
                        WholeWords.NONE,
                        false,
                        true),
                "afmoe");
    }

    private static void register(Map<String, Kind> kinds, Kind kind, String... names) {
        for (String name : names) {
            kinds.put(name, kind);
        }
    }

    private static Kind plain(String... patterns) {
        return new Kind(cutBy(patterns), WholeWords.NONE, false, true);
    }

    private static PreTokenizer cutBy(String... patterns) {
        List<Step> steps = new ArrayList<>();
        for (String pattern : patterns) {
            steps.add(isolate(pattern));
        }
        return new PreTokenizer(steps);
    }

    private static Step isolate(String pattern) {
        return new Isolate(compile(pattern));
    }

    private static Supplier<Pattern> compile(String pattern) {
        return Suppliers.memoize(() -> Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS));
    }
}
