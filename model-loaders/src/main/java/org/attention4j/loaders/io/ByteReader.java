package org.attention4j.loaders.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.attention4j.loaders.ModelFormatException;

/**
 * A position in a file's bytes from which little-endian values are read, each checked against the end of the file. What is
 * read is named, so that an error says what the file ended in; the name is only made into text when there is one.
 */
public final class ByteReader {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long LONGEST_STRING = 1 << 24;

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    /** A reader at the first of {@code bytes}, the contents of {@code file}. */
    public ByteReader(Path file, MemorySegment bytes) {
        this(file, bytes, 0);
    }

    /** A reader at the byte at {@code position}. */
    public ByteReader(Path file, MemorySegment bytes, long position) {
        this.file = file;
        this.bytes = bytes;
        this.position = position;
    }

    /** The file, for error messages. */
    public Path file() {
        return file;
    }

    /** The offset of the next byte. */
    public long position() {
        return position;
    }

    /** The number of bytes left. */
    public long remaining() {
        return bytes.byteSize() - position;
    }

    /** A view of all bytes left, without moving. */
    public MemorySegment peek() {
        return bytes.asSlice(position);
    }

    /** Moves over {@code count} bytes and returns a view of them. */
    public MemorySegment take(long count, Object what) {
        return bytes.asSlice(skip(count, what), count);
    }

    /** Moves over {@code count} bytes and returns the offset of the first. */
    public long skip(long count, Object what) {
        if (count < 0 || count > remaining()) {
            throw new ModelFormatException(
                    file,
                    "truncated: %s at byte %d needs %s bytes, the file has %d left"
                            .formatted(what, position, Long.toUnsignedString(count), remaining()));
        }
        long start = position;
        position += count;
        return start;
    }

    /** An unsigned byte. */
    public int u8(Object what) {
        return bytes.get(ValueLayout.JAVA_BYTE, skip(1, what)) & 0xff;
    }

    /** A signed 16-bit integer. */
    public short i16(Object what) {
        return bytes.get(I16, skip(2, what));
    }

    /** A signed 32-bit integer. */
    public int i32(Object what) {
        return bytes.get(I32, skip(4, what));
    }

    /** A signed 64-bit integer. */
    public long i64(Object what) {
        return bytes.get(I64, skip(8, what));
    }

    /**
     * An unsigned 64-bit count of things that take at least {@code bytesEach} bytes each in the rest of the file; a larger
     * count is an error, so that nothing is ever allocated for more things than there are.
     */
    public long count(long bytesEach, Object what) {
        long count = i64(what);
        if (count < 0 || count > remaining() / bytesEach) {
            throw new ModelFormatException(
                    file,
                    "%s is %s, but the %d bytes left can hold at most %d"
                            .formatted(what, Long.toUnsignedString(count), remaining(), remaining() / bytesEach));
        }
        return count;
    }

    /** {@code length} bytes of UTF-8, at most 16 MiB, which must be well-formed. */
    public String utf8(long length, Object what) {
        long start = skip(length, what);
        if (length > LONGEST_STRING) {
            throw new ModelFormatException(
                    file, "%s has %d bytes, expected at most %d".formatted(what, length, LONGEST_STRING));
        }
        byte[] text = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, start, text, 0, text.length);
        if (isAscii(text)) {
            return new String(text, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(file, "%s at byte %d is not valid UTF-8".formatted(what, start), e);
        }
    }

    /** Nearly all strings in the files of models are, and need no decoder. */
    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
