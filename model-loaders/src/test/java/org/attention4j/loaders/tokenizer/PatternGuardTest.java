package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;

import org.attention4j.loaders.ModelFormatException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternGuardTest {
    private static void check(String pattern) {
        PatternGuard.check(new JsonView(TokenizerSamples.NAME, "pattern.Regex", pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " {2,}",
                "[0-9][0-9][0-9]",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r"
                        + "\\n"
                        + "\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r"
                        + "\\n"
                        + "]*|\\s*[\\r"
                        + "\\n"
                        + "]|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                        + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                        + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*"
                        + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                        + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "(?=(\\d{3})+(?!\\d))",
                "\\s{512}(?!\\S)|\\s{64,}|\\s{1,2}(?!\\S)",
                "<sentinel:[0-9]+>|(IMGIMG)((A|B|C|D){1,4})Z",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"
            })
    void admitsThePatternsOfModels(String pattern) {
        Assertions.assertDoesNotThrow(() -> check(pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+b",
                "(a|a)*b",
                "(a|b|ab)*c",
                "(a?){9,}b",
                "\\s*\\s*x",
                "\\s*\\s*\\s*\\s*x",
                "a*b?a*c",
                "(?:.?){3,5}.*x",
                "a?a?a?a?.*b",
                "(a*)(a*)c",
                "(a*|b)a*c",
                "(?=a*a*b)c",
                "(?:a{0,40}){0,40}b",
                "a{2}{3}+",
                "a{1,2}+",
                "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaaaaaaaa",
                "(a|b){24}c",
                "(?<n>a)\\k<n>",
                "(a)\\1",
                "(?~ab)",
                "(?(1)a|b)",
                "(a",
                "a)",
                "[a",
                "[]a]",
                "a\\",
                "*a",
                "a{x}",
                "\\p{L",
                "\\R",
                "(((((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))))"
            })
    void refusesWhatMayTakeForeverOrIsNotKnown(String pattern) {
        assertRefused(() -> check(pattern), "sample.gguf", "'pattern.Regex'", "regular expression", "not admitted");
    }

    @org.junit.jupiter.api.Test
    void refusesAPatternOfAbsurdLength() {
        Assertions.assertThrows(ModelFormatException.class, () -> check("a".repeat(10_000)));
    }
}
