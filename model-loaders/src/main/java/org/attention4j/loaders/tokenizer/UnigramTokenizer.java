package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Unigram language models of pieces (Kudo 2018, <a href="https://arxiv.org/abs/1804.10959">arXiv:1804.10959</a>): a text is cut
 * where the sum of its pieces' scores, which are logarithms of probabilities, is the highest. The best way to each character is
 * found from the best ways to those before it (Viterbi).
 */
final class UnigramTokenizer extends VocabularyTokenizer {
    static final String KIND = "unigram";

    /** What a character without a piece costs more than the worst piece. */
    private static final float UNKNOWN_PENALTY = 10;

    private final SentencePieces pieces;
    private final ByteTrie trie;
    private final float unknownScore;
    private final float bestScore;
    private final boolean sumsInFloat;

    /**
     * A tokenizer.
     *
     * @param sumsInFloat whether scores are added in single precision, as SentencePiece does, or in double
     */
    UnigramTokenizer(SentencePieces pieces, Cuts cuts, SpecialTokens special, boolean sumsInFloat) {
        super(pieces.vocabulary(), cuts, special);
        this.pieces = pieces;
        this.sumsInFloat = sumsInFloat;
        Vocabulary vocabulary = pieces.vocabulary();
        this.trie = new ByteTrie(
                vocabulary.ids().filter(id -> isPiece(vocabulary.kind(id))),
                id -> vocabulary.text(id).getBytes(UTF_8));
        float worst = Float.MAX_VALUE;
        // SentencePiece starts from the least positive normal number too.
        float best = Float.MIN_NORMAL;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id) == TokenKind.NORMAL) {
                worst = Math.min(worst, pieces.score(id));
                best = Math.max(best, pieces.score(id));
            }
        }
        this.unknownScore = worst - UNKNOWN_PENALTY;
        this.bestScore = best;
    }

    private static boolean isPiece(TokenKind kind) {
        return kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        byte[] normalized = pieces.normalizer().normalize(text, first);
        Ways ways = new Ways(normalized);
        boolean behindUnknown = false;
        int start = 0;
        for (int end : ways.ends()) {
            int id = ways.ids[end];
            if (id != Vocabulary.NONE) {
                ids.accept(id);
                behindUnknown = false;
            } else {
                behindUnknown = pieces.bytes().encode(normalized, start, end, behindUnknown, ids);
            }
            start = end;
        }
    }

    /** The best ways to all positions of a text. */
    private final class Ways {
        private final byte[] text;
        private final double[] sums;
        private final int[] starts;
        private final int[] ids;
        private int at;
        private int characterEnd;
        private boolean hasCharacter;

        Ways(byte[] text) {
            this.text = text;
            this.sums = new double[text.length + 1];
            this.starts = new int[text.length + 1];
            this.ids = new int[text.length + 1];
            Arrays.fill(starts, Vocabulary.NONE);
            while (at < text.length) {
                characterEnd = at + Unicode.lengthOfUtf8(text, at);
                hasCharacter = false;
                trie.prefixes(text, at, this::piece);
                if (!hasCharacter) {
                    offer(Vocabulary.NONE, unknownScore, characterEnd);
                }
                at = characterEnd;
            }
        }

        private void piece(int id, int end) {
            // A user-defined piece must win against the pieces that it consists of.
            boolean userDefined = vocabulary().kind(id) == TokenKind.USER_DEFINED;
            offer(id, userDefined ? (end - at) * bestScore - 0.1 : pieces.score(id), end);
            hasCharacter |= end == characterEnd;
        }

        private void offer(int id, double score, int end) {
            double exact = sums[at] + score;
            double sum = sumsInFloat ? (float) exact : exact;
            if (starts[end] == Vocabulary.NONE || sum > sums[end]) {
                sums[end] = sum;
                starts[end] = at;
                ids[end] = id;
            }
        }

        /** Where the pieces of the best way to the end of the text end. */
        int[] ends() {
            int[] reversed = IntStream.iterate(text.length, end -> end > 0, end -> starts[end])
                    .toArray();
            for (int i = 0, j = reversed.length - 1; i < j; i++, j--) {
                int end = reversed[i];
                reversed[i] = reversed[j];
                reversed[j] = end;
            }
            return reversed;
        }
    }

    @Override
    byte[] textBytes(int id) {
        return pieces.textBytes(id);
    }

    @Override
    boolean dropsFirstSpace() {
        return pieces.dropsFirstSpace();
    }
}
