package org.attention4j.loaders.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.attention4j.loaders.io.ByteReader;

/**
 * An array in the metadata, read from the mapped file element by element when asked, so that opening a file with a vocabulary
 * of a quarter million strings copies none of them.
 */
final class GgufArray extends AbstractList<Object> implements RandomAccess {
    private final Path file;
    private final GgufValueType type;
    private final MemorySegment bytes;
    private final long[] starts;
    private final int size;
    private final String what;

    private GgufArray(Path file, GgufValueType type, MemorySegment bytes, long[] starts, int size, String what) {
        this.file = file;
        this.type = type;
        this.bytes = bytes;
        this.starts = starts;
        this.size = size;
        this.what = what;
    }

    /** Moves over {@code count} scalars of one type. */
    static GgufArray ofScalars(ByteReader in, GgufValueType type, int count, String what) {
        MemorySegment bytes = in.take((long) count * type.minBytes(), what);
        return new GgufArray(in.file(), type, bytes, new long[0], count, what);
    }

    /** Moves over {@code count} strings, checking that they lie in the file but not yet that they are UTF-8. */
    static GgufArray ofStrings(ByteReader in, int count, String what) {
        long begin = in.position();
        MemorySegment rest = in.peek();
        String length = "a string's length in " + what;
        String string = "a string in " + what;
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            starts[i] = in.position() - begin;
            in.skip(in.i64(length), string);
        }
        MemorySegment bytes = rest.asSlice(0, in.position() - begin);
        return new GgufArray(in.file(), GgufValueType.STRING, bytes, starts, count, what);
    }

    @Override
    public int size() {
        return size;
    }

    /** An element's name in errors: there are hundreds of thousands, and few errors. */
    private record Element(String array, int index) {
        @Override
        public String toString() {
            return array + " at index " + index;
        }
    }

    @Override
    public Object get(int index) {
        Objects.checkIndex(index, size);
        Element name = new Element(what, index);
        boolean isString = type == GgufValueType.STRING;
        ByteReader in = new ByteReader(file, bytes, isString ? starts[index] : (long) index * type.minBytes());
        return isString ? in.utf8(in.i64(name), name) : GgufValues.readScalar(in, type, name);
    }
}
