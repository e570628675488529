package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/** Well-formed text. */
final class Unicode {
    private Unicode() {}

    /** The text with {@code U+FFFD} in place of every surrogate that is not part of a pair. */
    static String wellFormed(String text) {
        return isWellFormed(text)
                ? text
                : text.codePoints()
                        .map(c -> isSurrogate(c) ? 0xfffd : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    /** Whether every surrogate is part of a pair. */
    static boolean isWellFormed(String text) {
        return UTF_16BE.newEncoder().canEncode(text);
    }

    /** Whether bytes are well-formed UTF-8. */
    static boolean isUtf8(ByteBuffer bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        return !UTF_8.newDecoder().decode(bytes, text, true).isError();
    }

    /** {@code [characters + 1]}: where each character of a text begins, and where the last one ends. */
    static int[] characterBounds(String text) {
        int[] bounds = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < bounds.length; i++) {
            bounds[i] = text.offsetByCodePoints(bounds[i - 1], 1);
        }
        return bounds;
    }

    /** The bytes of the character of UTF-8 that begins at {@code index}, as its first byte has it. */
    static int lengthOfUtf8(byte[] text, int index) {
        int first = text[index] & 0xff;
        int length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        return Math.min(length, text.length - index);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint);
    }
}
