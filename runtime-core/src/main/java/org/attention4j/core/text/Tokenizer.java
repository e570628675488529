package org.attention4j.core.text;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The two-way map between text and the ids that a model reads and writes. A tokenizer is immutable and thread-safe until it is
 * closed; its decoders are not.
 */
public interface Tokenizer extends AutoCloseable {
    /** What kind of tokenizer this is, in a few words for people. */
    default String kind() {
        return "unnamed";
    }

    /** The number of ids: they run from 0 to {@code vocabSize() - 1}, though some may be unused. */
    int vocabSize();

    /**
     * The ids of a text. A surrogate that is not part of a pair is read as {@code U+FFFD}.
     *
     * @throws IllegalArgumentException if the vocabulary can't express the text, or the text is longer than the tokenizer takes
     */
    int[] encode(String text, EncodeOptions options);

    /** The ids of a text whose special tokens are added, if wanted, and not read from it. */
    default int[] encode(String text, boolean addSpecial) {
        return encode(text, new EncodeOptions(addSpecial, false));
    }

    /** The text of ids; special tokens are left out. */
    default String decode(int... ids) {
        return decode(ids, true);
    }

    /**
     * The text of ids. Bytes that are no character become {@code U+FFFD}.
     *
     * @param skipSpecial whether special tokens are left out or shown by their names
     * @throws IndexOutOfBoundsException if the vocabulary lacks one of the ids
     */
    default String decode(int[] ids, boolean skipSpecial) {
        StreamingDecoder decoder = newDecoder(skipSpecial);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.push(id));
        }
        return text.append(decoder.flush()).toString();
    }

    /** A decoder at the start of a text; it leaves out special tokens. */
    default StreamingDecoder newDecoder() {
        return newDecoder(true);
    }

    /** A decoder at the start of a text. */
    StreamingDecoder newDecoder(boolean skipSpecial);

    /**
     * A decoder of what follows {@code context}, for example a prompt; it leaves out special tokens. It differs from one at the
     * start of a text: a word's space is kept, and the rest of a character that the context began is completed.
     */
    default StreamingDecoder newDecoderAfter(int... context) {
        StreamingDecoder decoder = newDecoder();
        for (int id : context) {
            decoder.push(id);
        }
        return decoder;
    }

    /** The token that begins a sequence, if the model has one. */
    OptionalInt bosId();

    /** The tokens that end what a model generates: end of sequence, of a turn, of a message. Often one, sometimes none. */
    Set<Integer> endIds();

    /** Whether a token stands for something other than text: a control token or the unknown token. */
    boolean isSpecial(int id);

    /**
     * A token as the vocabulary spells it, for people to read: a space may be {@code ▁} or {@code Ġ}, a byte {@code <0x0A>}.
     *
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    String tokenText(int id);

    /**
     * The bytes of UTF-8 that a token adds to a text, a special token those of its name. A token may hold a part of a character.
     *
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    byte[] tokenBytes(int id);

    /**
     * Checks that a model with this many embeddings can read every id. A model may have more: embeddings are often padded.
     *
     * @throws IllegalArgumentException if it has fewer
     */
    default void requireFits(int modelVocabSize) {
        TokenizerInfo.requireFits(vocabSize(), modelVocabSize);
    }

    /** Frees what is held outside the heap, if anything. */
    @Override
    default void close() {}
}
