package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.loaders.ModelFormatException;

/**
 * BERT's tokenizer (Devlin et al. 2019, <a href="https://arxiv.org/abs/1810.04805">arXiv:1810.04805</a>; word pieces after
 * Schuster and Nakajima 2012) as a {@code tokenizer.json}: the same document that the models themselves come with.
 */
final class WordPieceJson {
    static final String KIND = "word pieces";

    private static final String CONTINUES = "##";
    private static final char BEGINS = '▁';

    /**
     * How text is made plain before it is cut.
     *
     * @param lowercase whether capitals become small
     * @param stripAccents whether accents are left out
     */
    record Normalization(boolean lowercase, boolean stripAccents) {}

    private WordPieceJson() {}

    /**
     * The tokenizer of a vocabulary.
     *
     * @param file where it comes from, for errors
     * @param texts the tokens as {@code tokenizer.json} spells them: a piece inside a word begins with {@code ##}
     * @param unknown the id of the token for words that can't be spelled
     */
    static TokenizerJson of(
            Path file, List<String> texts, List<TokenKind> kinds, int unknown, Normalization normalization) {
        Map<String, Object> ids = LinkedHashMap.newLinkedHashMap(texts.size());
        List<Object> added = new ArrayList<>();
        for (int id = 0; id < texts.size(); id++) {
            String text = texts.get(id);
            Object other = ids.putIfAbsent(text, (long) id);
            if (other != null) {
                throw new ModelFormatException(
                        file, "vocabulary: tokens %s and %d are both %s".formatted(other, id, quote(text)));
            }
            TokenKind kind = id == unknown ? TokenKind.UNKNOWN : kinds.get(id);
            if (kind.isSpecial() || kind == TokenKind.USER_DEFINED) {
                added.add(added(id, text, kind.isSpecial()));
            }
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("added_tokens", added);
        document.put(
                "normalizer",
                Map.of(
                        "type",
                        "BertNormalizer",
                        "clean_text",
                        true,
                        "handle_chinese_chars",
                        true,
                        "lowercase",
                        normalization.lowercase,
                        "strip_accents",
                        normalization.stripAccents));
        document.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        document.put("decoder", Map.of("type", "WordPiece", "prefix", CONTINUES, "cleanup", true));
        document.put(
                "model",
                Map.of(
                        "type",
                        "WordPiece",
                        "unk_token",
                        texts.get(unknown),
                        "continuing_subword_prefix",
                        CONTINUES,
                        "max_input_chars_per_word",
                        100L,
                        "vocab",
                        ids));
        return TokenizerJson.of(new JsonView(file, "", document));
    }

    /**
     * GGUF's spelling of the tokens in that of {@code tokenizer.json}. GGUF marks the pieces that begin a word, by {@code ▁}, and
     * not the others. Names in square brackets are left as they are: older files have some as normal tokens.
     */
    static List<String> fromGguf(Vocabulary vocabulary) {
        return vocabulary
                .ids()
                .mapToObj(id -> fromGguf(vocabulary.text(id), vocabulary.kind(id)))
                .toList();
    }

    private static String fromGguf(String text, TokenKind kind) {
        boolean name = text.length() > 2 && text.startsWith("[") && text.endsWith("]");
        if (kind != TokenKind.NORMAL || name || text.isEmpty()) {
            return text;
        }
        return text.charAt(0) == BEGINS ? text.substring(1) : CONTINUES + text;
    }

    private static Map<String, Object> added(int id, String content, boolean special) {
        return Map.of(
                "id", (long) id,
                "content", content,
                "special", special,
                "normalized", false,
                "single_word", false,
                "lstrip", false,
                "rstrip", false);
    }
}
