package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntConsumer;

/**
 * Byte-level byte-pair encoding (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.2): text is cut
 * into words, a word into the bytes of its UTF-8, and neighbours are joined in the order of the list of merges.
 */
final class BpeTokenizer extends VocabularyTokenizer {
    private final PreTokenizers.Kind kind;
    private final MergeTable merges;
    private final int[] byteIds = new int[256];

    /**
     * A tokenizer.
     *
     * @param unknown the token for bytes without one, or {@link Vocabulary#NONE}
     */
    BpeTokenizer(
            Vocabulary vocabulary, MergeTable merges, PreTokenizers.Kind kind, int unknown, SpecialTokens special) {
        super(vocabulary, Cuts.atUserDefined(vocabulary), special);
        this.kind = kind;
        this.merges = merges;
        for (int b = 0; b < byteIds.length; b++) {
            int id = vocabulary.find(String.valueOf(ByteAlphabet.character(b)));
            byteIds[b] = id == Vocabulary.NONE ? unknown : id;
        }
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        int[] bounds = kind.words().split(text);
        for (int i = 1; i < bounds.length; i++) {
            encodeWord(text.substring(bounds[i - 1], bounds[i]), ids);
        }
    }

    private void encodeWord(String word, IntConsumer ids) {
        int whole = kind.wholeWordsFirst() ? vocabulary().findText(ByteAlphabet.spell(word)) : Vocabulary.NONE;
        if (whole != Vocabulary.NONE) {
            ids.accept(whole);
            return;
        }
        byte[] bytes = word.getBytes(UTF_8);
        int[] symbols = new int[bytes.length];
        int[] bounds = new int[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = byteIds[bytes[i] & 0xff];
            bounds[i + 1] = i + 1;
        }
        new SymbolMerger(symbols, bounds, (left, right, start, end) -> merges.join(left, right))
                .merge((id, start, end) -> {
                    // A byte without a token is left out, as the reference implementations do.
                    if (id != Vocabulary.NONE) {
                        ids.accept(id);
                    }
                });
    }

    @Override
    byte[] textBytes(int id) {
        String text = vocabulary().text(id);
        return ByteAlphabet.bytes(text).orElseGet(() -> text.getBytes(UTF_8));
    }

    @Override
    boolean dropsFirstSpace() {
        return false;
    }
}
