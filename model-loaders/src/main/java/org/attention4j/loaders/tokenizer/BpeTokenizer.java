package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Byte-pair encoding (Sennrich et al. 2016, <a href="https://arxiv.org/abs/1508.07909">arXiv:1508.07909</a>): text is cut into
 * words, a word into symbols, and neighbours are joined in the order of the list of merges. Symbols are the bytes of UTF-8 (Radford
 * et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.2) or characters, with {@code ▁} for a space.
 */
final class BpeTokenizer extends VocabularyTokenizer {
    private static final char SPACE = '▁';

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
            String name = kind.spellsBytes() ? String.valueOf(ByteAlphabet.character(b)) : ByteFallback.name(b);
            int id = vocabulary.find(name);
            byteIds[b] = id == Vocabulary.NONE ? unknown : id;
        }
    }

    @Override
    public String kind() {
        return kind.description();
    }

    @Override
    void encodeText(String text, boolean first, IntConsumer ids) {
        String escaped = kind.spellsBytes() ? text : text.replace(' ', SPACE);
        int[] bounds = kind.words().split(escaped);
        for (int i = 1; i < bounds.length; i++) {
            encodeWord(escaped.substring(bounds[i - 1], bounds[i]), ids);
        }
    }

    private void encodeWord(String word, IntConsumer ids) {
        int whole = wholeWord(word);
        if (whole != Vocabulary.NONE) {
            ids.accept(whole);
        } else if (kind.spellsBytes()) {
            encodeBytes(word, ids);
        } else {
            encodeCharacters(word, ids);
        }
    }

    private int wholeWord(String word) {
        return switch (kind.wholeWords()) {
            case NONE -> Vocabulary.NONE;
            case LINE_BREAKS -> word.charAt(0) == '\n' ? vocabulary().findText(word) : Vocabulary.NONE;
            case ALL -> vocabulary().findText(kind.spellsBytes() ? ByteAlphabet.spell(word) : word);
        };
    }

    private void encodeBytes(String word, IntConsumer ids) {
        byte[] bytes = word.getBytes(UTF_8);
        int[] symbols = new int[bytes.length];
        Arrays.setAll(symbols, i -> byteIds[bytes[i] & 0xff]);
        int[] bounds = IntStream.rangeClosed(0, bytes.length).toArray();
        merge(symbols, bounds, (id, start, end) -> acceptIfAny(id, ids));
    }

    private void encodeCharacters(String word, IntConsumer ids) {
        int[] bounds = Unicode.characterBounds(word);
        int[] symbols = new int[bounds.length - 1];
        Arrays.setAll(symbols, i -> vocabulary().findText(word.substring(bounds[i], bounds[i + 1])));
        merge(symbols, bounds, (id, start, end) -> {
            if (id != Vocabulary.NONE) {
                ids.accept(id);
                return;
            }
            for (byte b : word.substring(start, end).getBytes(UTF_8)) {
                acceptIfAny(byteIds[b & 0xff], ids);
            }
        });
    }

    private void merge(int[] symbols, int[] bounds, SymbolMerger.Symbols result) {
        new SymbolMerger(symbols, bounds, (left, right, start, end) -> merges.join(left, right)).merge(result);
    }

    /** A byte without a token is left out, as the reference implementations do. */
    private static void acceptIfAny(int id, IntConsumer ids) {
        if (id != Vocabulary.NONE) {
            ids.accept(id);
        }
    }

    @Override
    byte[] textBytes(int id) {
        String text = vocabulary().text(id);
        if (kind.spellsBytes()) {
            return ByteAlphabet.bytes(text).orElseGet(() -> text.getBytes(UTF_8));
        }
        return vocabulary().kind(id) == TokenKind.BYTE
                ? new byte[] {(byte) ByteFallback.byteOf(text)}
                : text.replace(SPACE, ' ').getBytes(UTF_8);
    }

    @Override
    boolean dropsFirstSpace() {
        return false;
    }
}
