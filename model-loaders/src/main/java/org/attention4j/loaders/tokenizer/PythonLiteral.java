package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** The bytes that Python's string and bytes literals stand for, in which RWKV's vocabularies write tokens. */
final class PythonLiteral {
    private final String text;
    private final boolean isBytes;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    private PythonLiteral(String text, boolean isBytes) {
        this.text = text;
        this.isBytes = isBytes;
    }

    /**
     * The bytes of a literal such as {@code 'a'}, {@code "it's"} or {@code b'\xff'}; a string stands for its UTF-8.
     *
     * @throws IllegalArgumentException if it is none
     */
    static byte[] parse(String literal) {
        boolean isBytes = literal.startsWith("b");
        int open = isBytes ? 1 : 0;
        boolean quoted = literal.length() >= open + 2
                && "'\"".indexOf(literal.charAt(open)) >= 0
                && literal.charAt(literal.length() - 1) == literal.charAt(open);
        if (!quoted) {
            throw new IllegalArgumentException("it is not in quotes");
        }
        String inside = literal.substring(open + 1, literal.length() - 1);
        return new PythonLiteral(inside, isBytes).bytes(literal.charAt(open));
    }

    /**
     * The bytes of the inside of a bytes literal, which GGUF files have as tokens; what is not ASCII stands for its UTF-8.
     *
     * @throws IllegalArgumentException if it is none
     */
    static byte[] unescape(String inside) {
        return new PythonLiteral(inside, true).bytes('\0');
    }

    /** The inside of the literal of bytes, as Python writes it. */
    static String escape(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            switch (b) {
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\\' -> text.append("\\\\");
                default -> {
                    boolean shown = b >= ' ' && b < 0x7f;
                    text.append(
                            shown
                                    ? String.valueOf((char) b)
                                    : "\\x" + HexFormat.of().toHexDigits(b));
                }
            }
        }
        return text.toString();
    }

    private byte[] bytes(char quote) {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\\') {
                escaped();
            } else if (c == quote) {
                throw new IllegalArgumentException("a quote within it is not escaped");
            } else {
                character(c);
            }
        }
        return out.toByteArray();
    }

    private void escaped() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("it ends in a backslash");
        }
        char c = text.charAt(at++);
        switch (c) {
            case 't' -> out.write('\t');
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case '\\', '\'', '"' -> out.write(c);
            case 'x' -> {
                int value = hex(2);
                if (isBytes) {
                    out.write(value);
                } else {
                    character(value);
                }
            }
            case 'u' -> character(hex(4));
            case 'U' -> character(hex(8));
            default -> throw new IllegalArgumentException("the escape \\%c is not known".formatted(c));
        }
    }

    private int hex(int digits) {
        int end = at + digits;
        if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]+")) {
            throw new IllegalArgumentException("an escape lacks hexadecimal digits");
        }
        long value = Long.parseLong(text, at, end, 16);
        at = end;
        if (value > Character.MAX_CODE_POINT) {
            throw new IllegalArgumentException("an escape is beyond Unicode");
        }
        return (int) value;
    }

    private void character(int codePoint) {
        if (codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint)) {
            throw new IllegalArgumentException("it holds half a character");
        }
        out.writeBytes(Character.toString(codePoint).getBytes(UTF_8));
    }
}
