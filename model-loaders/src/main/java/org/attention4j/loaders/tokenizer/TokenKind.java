package org.attention4j.loaders.tokenizer;

import java.util.List;
import java.util.Optional;

/** What a token is for: GGUF's {@code tokenizer.ggml.token_type}. */
enum TokenKind {
    /** A piece of text. */
    NORMAL,
    /** Stands for text that the vocabulary can't express. */
    UNKNOWN,
    /** Steers the model and is no text, such as the beginning of a sequence. */
    CONTROL,
    /** Text that is one token wherever it occurs. */
    USER_DEFINED,
    /** A placeholder that no text leads to. */
    UNUSED,
    /** One byte, for characters without a token of their own. */
    BYTE;

    private static final TokenKind[] FROM_ONE = values();

    /** The kind of a GGUF number: 1 to 6 in the order of the constants, 0 for undefined, which is read as {@link #NORMAL}. */
    static Optional<TokenKind> ofGguf(int number) {
        if (number < 0 || number > FROM_ONE.length) {
            return Optional.empty();
        }
        return Optional.of(number == 0 ? NORMAL : FROM_ONE[number - 1]);
    }

    /** The number in GGUF files. */
    int inGguf() {
        return List.of(FROM_ONE).indexOf(this) + 1;
    }

    /** Whether text does not show it. */
    boolean isSpecial() {
        return this == UNKNOWN || this == CONTROL;
    }
}
