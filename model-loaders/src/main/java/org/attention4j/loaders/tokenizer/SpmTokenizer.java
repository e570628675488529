package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntConsumer;

/**
 * The BPE models of SentencePiece (Kudo and Richardson 2018, <a href="https://arxiv.org/abs/1808.06226">arXiv:1808.06226</a>):
 * a space is {@code ▁}, usually one is put before the text, neighbours are joined whenever the joined text is a token, the
 * highest score first, and a character that is no token becomes its bytes.
 */
final class SpmTokenizer extends VocabularyTokenizer {
    private static final char SPACE = '▁';

    private final int[] ranks;
    private final int[] byteIds = new int[256];
    private final boolean addsSpace;

    /**
     * A tokenizer.
     *
     * @param scores {@code [vocabulary.size()]}, finite; the text with the higher score is joined first
     * @param unknown the token for bytes without one, or {@link Vocabulary#NONE}
     * @param addsSpace whether a space is put before text that begins a sequence or follows a special token
     */
    SpmTokenizer(Vocabulary vocabulary, float[] scores, int unknown, boolean addsSpace, SpecialTokens special) {
        super(vocabulary, special);
        this.addsSpace = addsSpace;
        this.ranks = new int[scores.length];
        for (int id = 0; id < scores.length; id++) {
            ranks[id] = rank(scores[id]);
        }
        for (int b = 0; b < byteIds.length; b++) {
            int id = vocabulary.find(byteName(b));
            int plain = id == Vocabulary.NONE && b < 0x80 ? vocabulary.find(String.valueOf((char) b)) : id;
            byteIds[b] = plain == Vocabulary.NONE ? unknown : plain;
        }
    }

    /** The name of a byte's token, for example {@code <0x0A>}. */
    static String byteName(int b) {
        return "<0x%02X>".formatted(b);
    }

    /** An integer that is lower the higher the score is: the bits of IEEE 754 numbers, without their sign, are in order. */
    private static int rank(float score) {
        int bits = Float.floatToIntBits(score + 0.0f);
        return ~(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        String spaced = (addsSpace && first ? " " + text : text).replace(' ', SPACE);
        int[] bounds = new int[spaced.codePointCount(0, spaced.length()) + 1];
        int[] symbols = new int[bounds.length - 1];
        for (int i = 0; i < symbols.length; i++) {
            bounds[i + 1] = spaced.offsetByCodePoints(bounds[i], 1);
            symbols[i] = vocabulary().findText(spaced.substring(bounds[i], bounds[i + 1]));
        }
        new SymbolMerger(symbols, bounds, (left, right, start, end) -> join(spaced, start, end))
                .merge((id, start, end) -> {
                    if (id != Vocabulary.NONE) {
                        ids.accept(id);
                    } else {
                        encodeBytes(spaced.substring(start, end), ids);
                    }
                });
    }

    private long join(String text, int start, int end) {
        if (end - start > vocabulary().longestText()) {
            return SymbolMerger.NO_TOKEN;
        }
        int id = vocabulary().findText(text.substring(start, end));
        return id == Vocabulary.NONE ? SymbolMerger.NO_TOKEN : SymbolMerger.token(ranks[id], id);
    }

    private void encodeBytes(String character, IntConsumer ids) {
        for (byte b : character.getBytes(UTF_8)) {
            int id = byteIds[b & 0xff];
            if (id == Vocabulary.NONE) {
                throw new IllegalArgumentException(
                        "encode: the vocabulary has no token for '%s', none for its byte 0x%02X and no unknown token"
                                .formatted(character, b & 0xff));
            }
            ids.accept(id);
        }
    }

    @Override
    byte[] textBytes(int id) {
        String text = vocabulary().text(id);
        if (vocabulary().kind(id) == TokenKind.BYTE) {
            return new byte[] {(byte) Integer.parseInt(text, 3, 5, 16)};
        }
        return text.replace(SPACE, ' ').getBytes(UTF_8);
    }

    @Override
    boolean addsSpace() {
        return addsSpace;
    }
}
