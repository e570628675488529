package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attention4j.loaders.ModelFormatException;

/** The tokens of a model: their texts and kinds by id, and their ids by text. */
final class Vocabulary implements Tokens {
    /** What {@link #find} returns for text that is no token. */
    static final int NONE = -1;

    /**
     * The length of a token in UTF-16 units: encoding looks at as much text at each place as the longest token has. Those of real
     * vocabularies have a few hundred.
     */
    private static final int LONGEST = 1024;

    private final List<String> texts;
    private final List<TokenKind> kinds;
    private final Map<String, Integer> ids;
    private final int longest;

    /**
     * The vocabulary of a file.
     *
     * @throws ModelFormatException if there are no tokens, two have the same text, one is longer than any token, or there is not one kind per token
     */
    Vocabulary(Path file, List<String> texts, List<TokenKind> kinds) {
        requireOneKindEach(file, texts.size(), kinds.size());
        this.texts = List.copyOf(texts);
        this.kinds = List.copyOf(kinds);
        this.ids = HashMap.newHashMap(texts.size());
        for (int id = 0; id < texts.size(); id++) {
            Integer other = texts.get(id).isEmpty() ? null : ids.putIfAbsent(texts.get(id), id);
            if (other != null) {
                throw new ModelFormatException(
                        file, "vocabulary: tokens %d and %d are both %s".formatted(other, id, quote(texts.get(id))));
            }
        }
        this.longest = texts.stream().mapToInt(String::length).max().orElseThrow();
        if (longest > LONGEST) {
            throw new ModelFormatException(
                    file, "vocabulary: a token has %d characters, expected at most %d".formatted(longest, LONGEST));
        }
    }

    static void requireOneKindEach(Path file, int tokens, int kinds) {
        if (tokens == 0) {
            throw new ModelFormatException(file, "vocabulary: it has no tokens");
        }
        if (kinds != tokens) {
            throw new ModelFormatException(file, "vocabulary: %d token types for %d tokens".formatted(kinds, tokens));
        }
    }

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public String text(int id) {
        return texts.get(id);
    }

    @Override
    public TokenKind kind(int id) {
        return kinds.get(id);
    }

    /** The kinds of all tokens by id. */
    List<TokenKind> kinds() {
        return kinds;
    }

    /** The id of the token with this text, or {@link #NONE}. */
    int find(String text) {
        return text.length() > longest ? NONE : ids.getOrDefault(text, NONE);
    }

    /** The id of the token that stands for this text, or {@link #NONE}: text can't spell a special token or a byte. */
    int findText(String text) {
        int id = find(text);
        boolean isText = id != NONE && !kind(id).isSpecial() && kind(id) != TokenKind.BYTE;
        return isText ? id : NONE;
    }

    /** The length of the longest token in UTF-16 units. */
    int longestText() {
        return longest;
    }

    /** All ids in order. */
    IntStream ids() {
        return IntStream.range(0, size());
    }
}
