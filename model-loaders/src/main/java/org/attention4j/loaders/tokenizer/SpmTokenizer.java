package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The BPE models of SentencePiece (Kudo and Richardson 2018, <a href="https://arxiv.org/abs/1808.06226">arXiv:1808.06226</a>):
 * a space is {@code ▁}, usually one is put before the text, neighbours are joined whenever the joined text is a token, the
 * highest score first, and a character that is no token becomes its bytes.
 */
final class SpmTokenizer extends VocabularyTokenizer {
    static final String KIND = "SentencePiece BPE";

    private final SentencePieces pieces;
    private final int[] ranks;
    private final TokenMatcher neverJoined;

    SpmTokenizer(SentencePieces pieces, Cuts cuts, SpecialTokens special) {
        super(pieces.vocabulary(), cuts, special);
        this.pieces = pieces;
        Vocabulary vocabulary = pieces.vocabulary();
        this.ranks = vocabulary.ids().map(id -> rank(pieces.score(id))).toArray();
        this.neverJoined = new TokenMatcher(vocabulary, id -> vocabulary.kind(id) == TokenKind.USER_DEFINED);
    }

    /** An integer that is lower the higher the score is: the bits of IEEE 754 numbers, without their sign, are in order. */
    private static int rank(float score) {
        int bits = Float.floatToIntBits(score + 0.0f);
        return ~(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        String normalized = new String(pieces.normalizer().normalize(text, first), UTF_8);
        for (int start = 0; start < normalized.length(); ) {
            Optional<TokenMatcher.Match> match = neverJoined.find(normalized, start);
            int end = match.map(TokenMatcher.Match::start).orElse(normalized.length());
            encodeNormalized(normalized.substring(start, end), ids);
            match.ifPresent(token -> ids.accept(token.id()));
            start = match.map(TokenMatcher.Match::end).orElse(normalized.length());
        }
    }

    private void encodeNormalized(String text, IntConsumer ids) {
        int[] bounds = Unicode.characterBounds(text);
        int[] symbols = new int[bounds.length - 1];
        Arrays.setAll(symbols, i -> vocabulary().findText(text.substring(bounds[i], bounds[i + 1])));
        boolean[] behindUnknown = {false};
        new SymbolMerger(symbols, bounds, (left, right, start, end) -> join(text, start, end))
                .merge((id, start, end) -> {
                    if (id != Vocabulary.NONE) {
                        ids.accept(id);
                        behindUnknown[0] = false;
                    } else {
                        byte[] character = text.substring(start, end).getBytes(UTF_8);
                        behindUnknown[0] = pieces.bytes().encode(character, 0, character.length, behindUnknown[0], ids);
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

    @Override
    byte[] textBytes(int id) {
        return pieces.textBytes(id);
    }

    @Override
    boolean dropsFirstSpace() {
        return pieces.dropsFirstSpace();
    }
}
