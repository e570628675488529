package org.attention4j.core.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * The decoder of every vocabulary whose tokens stand for bytes of UTF-8. Malformed bytes become {@code U+FFFD}, one per
 * maximal part of a character, as the Unicode standard recommends (§3.9, U+FFFD Substitution of Maximal Subparts) and
 * {@code new String(bytes, UTF_8)} does.
 */
public final class Utf8StreamingDecoder implements StreamingDecoder {
    private final IntFunction<byte[]> tokenBytes;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] pending = new byte[0];
    private boolean dropsSpace;

    /**
     * A decoder at the start of a text.
     *
     * @param tokenBytes the bytes that an id stands for; none for an id that text does not show
     * @param dropsFirstSpace whether a space at the very start of the text is left out: the inverse of a tokenizer that puts
     *     one there
     */
    public Utf8StreamingDecoder(IntFunction<byte[]> tokenBytes, boolean dropsFirstSpace) {
        this.tokenBytes = tokenBytes;
        this.dropsSpace = dropsFirstSpace;
    }

    @Override
    public String push(int id) {
        byte[] bytes = tokenBytes.apply(id);
        return bytes.length == 0 ? "" : decode(bytes, false);
    }

    @Override
    public String flush() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean end) {
        ByteBuffer in = ByteBuffer.allocate(pending.length + bytes.length)
                .put(pending)
                .put(bytes)
                .flip();
        if (dropsSpace && in.hasRemaining()) {
            dropsSpace = false;
            if (in.get(0) == ' ') {
                in.get();
            }
        }
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        utf8.decode(in, out, end);
        if (end) {
            utf8.flush(out);
            utf8.reset();
        }
        pending = new byte[in.remaining()];
        in.get(pending);
        return out.flip().toString();
    }
}
