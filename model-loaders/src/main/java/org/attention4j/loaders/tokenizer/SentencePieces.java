package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What SentencePiece's kinds of models share: scored pieces, how text is normalized, and what becomes of unknown characters. */
final class SentencePieces {
    private final Vocabulary vocabulary;
    private final float[] scores;
    private final SentencePieceNormalizer normalizer;
    private final ByteFallback bytes;

    /**
     * Pieces.
     *
     * @param scores {@code [vocabulary.size()]}, not NaN
     */
    SentencePieces(Vocabulary vocabulary, float[] scores, SentencePieceNormalizer normalizer, ByteFallback bytes) {
        this.vocabulary = vocabulary;
        this.scores = scores.clone();
        this.normalizer = normalizer;
        this.bytes = bytes;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    float score(int id) {
        return scores[id];
    }

    SentencePieceNormalizer normalizer() {
        return normalizer;
    }

    ByteFallback bytes() {
        return bytes;
    }

    /** The bytes of text that a piece stands for. */
    byte[] textBytes(int id) {
        String text = vocabulary.text(id);
        if (vocabulary.kind(id) == TokenKind.BYTE) {
            return new byte[] {(byte) ByteFallback.byteOf(text)};
        }
        return text.replace('▁', ' ').getBytes(UTF_8);
    }

    /** Whether a space at the very start of a text comes from the tokenizer. */
    boolean dropsFirstSpace() {
        return normalizer.spaces().adds() || normalizer.spaces().removesExtra();
    }
}
