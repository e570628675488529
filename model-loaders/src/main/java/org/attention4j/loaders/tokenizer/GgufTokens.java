package org.attention4j.loaders.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;

/** The tokens of a GGUF file, each text read from there when it is asked for. */
final class GgufTokens implements Tokens {
    private static final String TEXTS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";

    private final Config metadata;
    private final List<?> texts;
    private final TokenKind[] kinds;

    /** @throws ModelFormatException if there are no tokens, or there is not one known type per token */
    GgufTokens(Config metadata) {
        this.metadata = metadata;
        if (!(metadata.find(TEXTS).orElse("") instanceof List<?> list)) {
            throw metadata.bad(TEXTS, "an array of strings");
        }
        this.texts = list;
        // Without types, all are 0: undefined, and so text.
        int[] types = metadata.has(TYPES) ? metadata.integers(TYPES) : new int[list.size()];
        this.kinds = new TokenKind[types.length];
        Arrays.setAll(kinds, id -> kind(metadata, types[id]));
        Vocabulary.requireOneKindEach(metadata.file(), list.size(), kinds.length);
    }

    private static TokenKind kind(Config metadata, int number) {
        return TokenKind.ofGguf(number)
                .orElseThrow(() -> new ModelFormatException(
                        metadata.file(), "'%s' holds %d, expected 0 to 6".formatted(TYPES, number)));
    }

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public String text(int id) {
        if (!(texts.get(id) instanceof String text)) {
            throw metadata.bad(TEXTS, "an array of strings");
        }
        return text;
    }

    @Override
    public TokenKind kind(int id) {
        return kinds[id];
    }

    /** All tokens, read and with their ids by text. */
    Vocabulary read() {
        return new Vocabulary(metadata.file(), metadata.texts(TEXTS), List.of(kinds));
    }
}
