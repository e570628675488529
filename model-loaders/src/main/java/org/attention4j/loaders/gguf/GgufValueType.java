package org.attention4j.loaders.gguf;

import java.util.Arrays;
import java.util.Optional;

/** The types of metadata values. */
enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    /** A 64-bit length and as many bytes of UTF-8. */
    STRING(8, 8),
    /** An element type, a 64-bit count and the elements. */
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int id;
    private final int minBytes;

    GgufValueType(int id, int minBytes) {
        this.id = id;
        this.minBytes = minBytes;
    }

    /** The type of a number in a file. */
    static Optional<GgufValueType> of(int id) {
        return Arrays.stream(values()).filter(t -> t.id == id).findFirst();
    }

    /** The number in files. */
    int id() {
        return id;
    }

    /** The bytes that a value takes; the least possible number for strings and arrays. */
    int minBytes() {
        return minBytes;
    }
}
