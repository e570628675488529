package org.attention4j.loaders.tokenizer;

/**
 * Regular expressions that cut text into words. Where the models' own let letters match whatever their case, both cases are
 * written out here.
 */
final class WordPatterns {
    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final String CONTRACTION = "'(?:[sSſtTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String OTHERS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES;
    private static final String OTHERS_AND_SLASHES = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES;
    private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String DIGIT = "\\p{N}|";
    private static final String DIGITS = "\\p{N}{1,3}|";

    static final String LLAMA3 = CONTRACTION + "|" + WORDS + DIGITS + OTHERS;
    static final String QWEN2 = CONTRACTION + "|" + WORDS + DIGIT + OTHERS;
    static final String MINICPM5 = CONTRACTION + "|" + WORDS + "\\p{N}+|" + OTHERS;
    static final String UFAKZEKA = WORDS + DIGIT + OTHERS;
    /**
     * Cuts runs of spaces at powers of two. The lookbehind keeps the search for a line's end from starting again at each cut.
     */
    static final String JAIS2 = CONTRACTION + "|" + WORDS + DIGITS
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|(?<![^\\S\\r\\n])\\s*[\\r\\n]+"
            + "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)"
            + "|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s";

    static final String QWEN35 = CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|" + DIGIT
            + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" + SPACES;
    static final String BAILING =
            CONTRACTION + "|" + WORDS + DIGIT + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";
    static final String SEED_CODER = CONTRACTION + "|" + WORDS + DIGIT + " ?[^\\s\\p{L}\\p{N}\\r\\n]+|" + SPACES;

    /** Joins words that one space separates. The repetition takes nothing back, so that it needs no stack. */
    static final String EXAONE_MOE =
            CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}[\\p{L}\\p{M}]*+(?: \\p{L}[\\p{L}\\p{M}]*+)*+|" + DIGIT
                    + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";

    private static final String UPPER = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}";
    private static final String LOWER = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}";
    private static final String CASED_WORDS =
            "[^\\r\\n\\p{L}\\p{N}]?[%1$s]*[%2$s]+%3$s|[^\\r\\n\\p{L}\\p{N}]?[%1$s]+[%2$s]*%3$s|";
    private static final String CASED = CASED_WORDS.formatted(UPPER, LOWER, "(?:" + CONTRACTION + ")?");

    static final String GPT4O = CASED + DIGITS + OTHERS_AND_SLASHES;
    static final String YOUTU = CASED + DIGIT + OTHERS_AND_SLASHES;
    static final String TEKKEN = CASED_WORDS.formatted(UPPER, LOWER, "") + DIGIT + OTHERS_AND_SLASHES;
    static final String KIMI = "\\p{IsHan}+|"
            + CASED_WORDS.formatted(UPPER + "&&[^\\p{IsHan}]", LOWER + "&&[^\\p{IsHan}]", "(?:" + CONTRACTION + ")?")
            + DIGITS + OTHERS;

    /** Runs of Korean, of punctuation, of Bopomofo, and of Chinese and Japanese. */
    static final String YOUTU_SCRIPTS =
            "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，\u3001-\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+" + "|[一-龥\u3040-\u309f\u30a0-\u30ff]+";

    static final String BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";
    static final String LINES = "[^\\n]+|[\\n]+";

    private static final String ASCII_WORDS = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+";

    static final String DEEPSEEK_V3 = ASCII_WORDS + "[\\r\\n]*|" + SPACES;
    static final String SPARK = ASCII_WORDS + "|[\\r\\n]|\\s+(?!\\S)|\\s+";
    static final String KANJI_AND_KANA = "[一-龥\u3040-\u309f\u30a0-\u30ff]+";
    static final String DEEPSEEK_CJK = "[一-龥\u0800-一가-\ud7ff]+";

    /** Scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese, and Korean. */
    static final String AFMOE_SCRIPTS = "["
            + ranges("4e00-9fff 3400-4dbf f900-faff 3040-309f 30a0-30ff ff65-ff9f "
                    + "2f00-2fdf e40-e7f e80-eff 1780-17ff 1000-109f aa60-aa7f a9e0-a9ff ac00-d7af 1100-11ff")
            + "]+";

    /** The letters that DeepSeek lists: the cased ones of Unicode 10 but for some scripts. */
    static final String DEEPSEEK_LETTERS = "["
            + ranges("41-5a 61-7a b5 c0-d6 d8-f6 f8-1ba 1bc-1bf 1c4-293 295-2af 370-373 376-377 37b-37d 37f 386 388-38a"
                    + " 38c 38e-3a1 3a3-3f5 3f7-481 48a-52f 531-556 10a0-10c5 13a0-13f5 13f8-13fd 1c90-1cba"
                    + " 1cbd-1cbf 1d00-1d2b 1d6b-1d77 1d79-1d9a 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57"
                    + " 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fbc 1fbe 1fc2-1fc4 1fc6-1fcc 1fd0-1fd3 1fd6-1fdb"
                    + " 1fe0-1fec 1ff2-1ff4 1ff6-1ffc 2102 2107 210a-2113 2115 2119-211d 2124 2126 2128 212a-212d"
                    + " 212f-2134 2139 213c-213f 2145-2149 214e 2183-2184 2c00-2c7b 2c7e-2ce4 2ceb-2cee 2cf2-2cf3"
                    + " a640-a66d a680-a69b a722-a76f a771-a787 a78b-a78e ab70-abbf fb00-fb06 fb13-fb17 ff21-ff3a"
                    + " ff41-ff5a 10400-1044f 104b0-104d3 104d8-104fb 10c80-10cb2 10cc0-10cf2 118a0-118df"
                    + " 1e900-1e943")
            + "]";

    private WordPatterns() {}

    /** Ranges of hexadecimal code points as the inside of a class of characters. */
    private static String ranges(String codePoints) {
        return codePoints.replaceAll("([0-9a-f]+)", "\\\\x{$1}").replace(" ", "");
    }
}
