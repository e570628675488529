package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.ByteReader;

/**
 * Tokenizers from the vocabulary files of <a href="https://github.com/karpathy/llama2.c">llama2.c</a> ({@code tokenizer.bin},
 * {@code tok512.bin}): the length of the longest token, then for each token its score, its length and its bytes, all numbers
 * 32-bit little-endian. The first tokens are unknown, beginning and end of sequence and the 256 bytes, in this order.
 */
final class Llama2cTokenizers {
    private static final int UNKNOWN = 0;
    private static final int BOS = 1;
    private static final int EOS = 2;
    private static final int FIRST_BYTE = 3;
    private static final int FIRST_TEXT = FIRST_BYTE + 256;
    private static final int SMALLEST_ENTRY = 2 * Integer.BYTES;

    private Llama2cTokenizers() {}

    /**
     * The tokenizer in a file's bytes.
     *
     * @throws ModelFormatException if they are cut short or are not such a vocabulary
     */
    static Tokenizer of(Path file, MemorySegment bytes) {
        ByteReader reader = new ByteReader(file, bytes);
        int longest = reader.i32("the length of the longest token");
        List<String> texts = new ArrayList<>();
        List<TokenKind> kinds = new ArrayList<>();
        List<Float> scores = new ArrayList<>();
        while (reader.remaining() >= SMALLEST_ENTRY) {
            int id = texts.size();
            float score = Float.intBitsToFloat(reader.i32("a score"));
            if (Float.isNaN(score)) {
                throw new ModelFormatException(file, "token %d has the score NaN, expected a number".formatted(id));
            }
            int length = reader.i32("a token's length");
            if (length < 0 || length > longest) {
                throw new ModelFormatException(
                        file, "token %d has %d bytes, expected 0 to %d".formatted(id, length, longest));
            }
            scores.add(score);
            texts.add(text(file, id, reader.utf8(length, "a token")));
            kinds.add(kind(id));
        }
        if (reader.remaining() > 0 || texts.size() < FIRST_TEXT) {
            throw new ModelFormatException(
                    file,
                    "%d tokens and %d more bytes, expected a whole number of at least %d tokens"
                            .formatted(texts.size(), reader.remaining(), FIRST_TEXT));
        }
        float[] byId = new float[scores.size()];
        for (int id = 0; id < byId.length; id++) {
            byId[id] = scores.get(id);
        }
        // The models were trained on documents that each begin with BOS and have no EOS: BOS ends the one before.
        SpecialTokens special = new SpecialTokens(List.of(BOS), List.of(), OptionalInt.of(BOS), Set.of(BOS, EOS));
        Vocabulary vocabulary = new Vocabulary(file, texts, kinds);
        SentencePieces pieces = new SentencePieces(
                vocabulary, byId, SentencePieceNormalizer.ofSpaces(true), new ByteFallback(vocabulary, UNKNOWN));
        return new SpmTokenizer(pieces, Cuts.atUserDefined(vocabulary), special);
    }

    private static String text(Path file, int id, String stored) {
        if (id == BOS || id == EOS) {
            // Stored with line feeds around the name.
            return stored.strip();
        }
        if (id >= FIRST_BYTE && id < FIRST_TEXT && !stored.equals(ByteFallback.name(id - FIRST_BYTE))) {
            throw new ModelFormatException(
                    file,
                    "token %d is %s, expected %s".formatted(id, quote(stored), ByteFallback.name(id - FIRST_BYTE)));
        }
        return stored.replace(' ', '▁');
    }

    private static TokenKind kind(int id) {
        return switch (id) {
            case UNKNOWN -> TokenKind.UNKNOWN;
            case BOS, EOS -> TokenKind.CONTROL;
            default -> id < FIRST_TEXT ? TokenKind.BYTE : TokenKind.NORMAL;
        };
    }
}
