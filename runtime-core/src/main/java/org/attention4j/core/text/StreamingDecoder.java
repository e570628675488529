package org.attention4j.core.text;

/**
 * Turns ids into text one at a time. A character is returned when it is complete: bytes of one that is spread over tokens are
 * held back. All that {@link #push} returns, followed by what {@link #flush} returns, is what {@link Tokenizer#decode} makes of
 * all the ids at once. A decoder has state and belongs to one thread and one text.
 */
public interface StreamingDecoder {
    /**
     * The characters that {@code id} completes; often none.
     *
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    String push(int id);

    /** What is left at the end of the text: {@code U+FFFD} for bytes that never became a character. */
    String flush();
}
