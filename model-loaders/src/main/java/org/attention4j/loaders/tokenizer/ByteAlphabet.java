package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/**
 * The printable characters in which byte-level vocabularies spell bytes (GPT-2's {@code bytes_to_unicode}): a visible character
 * of Latin-1 stands for its own byte, the other 68 bytes are {@code U+0100} and up in the order of their values.
 */
final class ByteAlphabet {
    private static final char[] CHARS = new char[256];
    private static final int[] BYTES = new int[256 + 68];

    static {
        Arrays.fill(BYTES, -1);
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean visible = (b > ' ' && b < 0x7f) || (b > 0xa0 && b != 0xad);
            CHARS[b] = visible ? (char) b : next++;
            BYTES[CHARS[b]] = b;
        }
    }

    private ByteAlphabet() {}

    /** The character of a byte given as 0 to 255. */
    static char character(int b) {
        return CHARS[b];
    }

    /** How the vocabulary spells the UTF-8 bytes of a text. */
    static String spell(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        StringBuilder spelled = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            spelled.append(CHARS[b & 0xff]);
        }
        return spelled.toString();
    }

    /** The bytes that a token spells; empty if one of its characters stands for none. */
    static Optional<byte[]> bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) BYTES[c];
        }
        return Optional.of(bytes);
    }
}
