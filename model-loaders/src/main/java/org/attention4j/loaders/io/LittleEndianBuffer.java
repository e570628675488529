package org.attention4j.loaders.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds the header of a file in memory from little-endian values. */
public final class LittleEndianBuffer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** An empty buffer. */
    public LittleEndianBuffer() {}

    /** Appends a byte. */
    public LittleEndianBuffer i8(int value) {
        out.write(value);
        return this;
    }

    /** Appends four bytes. */
    public LittleEndianBuffer i32(int value) {
        return i8(value).i8(value >> 8).i8(value >> 16).i8(value >> 24);
    }

    /** Appends eight bytes. */
    public LittleEndianBuffer i64(long value) {
        return i32((int) value).i32((int) (value >> 32));
    }

    /** Appends a float's four bytes. */
    public LittleEndianBuffer f32(float value) {
        return i32(Float.floatToRawIntBits(value));
    }

    /** Appends a 64-bit length in bytes and the text in UTF-8. */
    public LittleEndianBuffer sizedUtf8(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return i64(utf8.length).bytes(utf8);
    }

    /** Appends bytes as they are. */
    public LittleEndianBuffer bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** A copy of everything appended so far. */
    public byte[] toByteArray() {
        return out.toByteArray();
    }
}
