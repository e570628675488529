package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntConsumer;

/** What becomes of characters that no piece has: the tokens of their bytes or, without those, the unknown token. */
final class ByteFallback {
    private final int[] ids = new int[256];
    private final int unknown;

    /**
     * The tokens of a vocabulary named {@code <0x00>} to {@code <0xFF>}.
     *
     * @param unknown the unknown token, or {@link Vocabulary#NONE}
     */
    ByteFallback(Vocabulary vocabulary, int unknown) {
        this.unknown = unknown;
        for (int b = 0; b < ids.length; b++) {
            ids[b] = vocabulary.find(name(b));
        }
    }

    /** The name of a byte's token, for example {@code <0x0A>}. */
    static String name(int b) {
        return "<0x%02X>".formatted(b);
    }

    /** The byte that a token's name gives, or -1 if it is no such name. */
    static int byteOf(String name) {
        boolean form = name.length() == 6 && name.startsWith("<0x") && name.endsWith(">");
        int high = form ? Character.digit(name.charAt(3), 16) : -1;
        int low = form ? Character.digit(name.charAt(4), 16) : -1;
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /**
     * Encodes a character of UTF-8.
     *
     * @param behindUnknown whether the unknown token stands before it, which then stands for both
     * @return whether it became the unknown token
     * @throws IllegalArgumentException if there is no token for it
     */
    boolean encode(byte[] text, int start, int end, boolean behindUnknown, IntConsumer result) {
        boolean covered = true;
        for (int i = start; i < end; i++) {
            covered &= ids[text[i] & 0xff] != Vocabulary.NONE;
        }
        if (covered) {
            for (int i = start; i < end; i++) {
                result.accept(ids[text[i] & 0xff]);
            }
            return false;
        }
        if (unknown == Vocabulary.NONE) {
            throw new IllegalArgumentException(
                    "encode: the vocabulary has no token for '%s', nor for its bytes, and no unknown token"
                            .formatted(new String(text, start, end - start, UTF_8)));
        }
        if (!behindUnknown) {
            result.accept(unknown);
        }
        return true;
    }
}
