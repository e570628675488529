package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntConsumer;

/**
 * RWKV's "world" tokenizer (<a href="https://github.com/BlinkDL/ChatRWKV/tree/main/tokenizer">BlinkDL</a>): at each byte of the
 * text the longest token that the text has there. Tokens are any bytes, not only those of whole characters.
 */
final class RwkvTokenizer extends VocabularyTokenizer {
    static final String KIND = "RWKV world";

    private final byte[][] bytes;
    private final ByteTrie trie;
    private final ByteFallback unknown;

    /**
     * A tokenizer.
     *
     * @param bytes {@code [vocabulary.size()]}, what each token stands for
     * @param unknown the token for bytes that no token begins with, or {@link Vocabulary#NONE}
     */
    RwkvTokenizer(Vocabulary vocabulary, byte[][] bytes, int unknown, SpecialTokens special) {
        super(vocabulary, Cuts.atUserDefined(vocabulary), special);
        this.bytes = bytes.clone();
        this.trie =
                new ByteTrie(vocabulary.ids().filter(id -> vocabulary.kind(id) == TokenKind.NORMAL), id -> bytes[id]);
        this.unknown = new ByteFallback(vocabulary, unknown);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        byte[] in = text.getBytes(UTF_8);
        Longest longest = new Longest();
        for (int at = 0; at < in.length; at = longest.end) {
            longest.id = Vocabulary.NONE;
            longest.end = at + 1;
            trie.prefixes(in, at, longest);
            if (longest.id == Vocabulary.NONE) {
                unknown.encode(in, at, at + 1, false, ids);
            } else {
                ids.accept(longest.id);
            }
        }
    }

    private static final class Longest implements ByteTrie.Prefixes {
        private int id;
        private int end;

        @Override
        public void prefix(int id, int end) {
            this.id = id;
            this.end = end;
        }
    }

    @Override
    byte[] textBytes(int id) {
        return bytes[id].clone();
    }

    @Override
    boolean dropsFirstSpace() {
        return false;
    }
}
