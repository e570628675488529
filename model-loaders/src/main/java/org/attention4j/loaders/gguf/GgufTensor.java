package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.ByteReader;

/**
 * One entry of the tensor table.
 *
 * @param shape row-major, the reverse of ggml's {@code ne}, whose first entry is the contiguous dimension
 * @param typeName ggml's name of the type, or {@code type N} if it has none
 * @param type the type; empty if its number is unknown
 * @param bytes the size; empty if the type is unknown
 * @param offset from the start of the file's tensor data
 */
record GgufTensor(String name, Shape shape, String typeName, Optional<GgmlType> type, OptionalLong bytes, long offset) {
    static final int MAX_DIMS = 4;

    /** Reads what follows the name. */
    static GgufTensor read(ByteReader in, String name, long alignment) {
        String what = "tensor " + quote(name);
        int rank = in.i32("the number of dimensions of " + what);
        if (rank < 0 || rank > MAX_DIMS) {
            throw new ModelFormatException(
                    in.file(),
                    "%s has %s dimensions, expected at most %d"
                            .formatted(what, Integer.toUnsignedString(rank), MAX_DIMS));
        }
        long[] dims = new long[rank];
        for (int i = rank - 1; i >= 0; i--) {
            dims[i] = in.i64("a dimension of " + what);
        }
        Shape shape = shape(in.file(), what, dims);
        int typeId = in.i32("the type of " + what);
        Optional<GgmlType> type = GgmlType.of(typeId);
        long offset = in.i64("the offset of " + what);
        if (offset < 0 || offset % alignment != 0) {
            throw new ModelFormatException(
                    in.file(),
                    "%s has offset %s, expected a multiple of the alignment %d"
                            .formatted(what, Long.toUnsignedString(offset), alignment));
        }
        return new GgufTensor(
                name,
                shape,
                type.map(GgmlType::name).orElse("type " + Integer.toUnsignedString(typeId)),
                type,
                type.isPresent() ? OptionalLong.of(byteSize(in.file(), what, type.get(), shape)) : OptionalLong.empty(),
                offset);
    }

    private static Shape shape(Path file, String what, long[] dims) {
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file, what + ": " + e.getMessage(), e);
        }
    }

    private static long byteSize(Path file, String what, GgmlType type, Shape shape) {
        long rowLength = shape.rank() == 0 ? 1 : shape.dim(-1);
        if (rowLength % type.blockSize() != 0) {
            throw new ModelFormatException(
                    file,
                    "%s: rows of %d elements, expected a multiple of %s's block size %d"
                            .formatted(what, rowLength, type, type.blockSize()));
        }
        try {
            return Math.multiplyExact(shape.elements() / type.blockSize(), (long) type.blockBytes());
        } catch (ArithmeticException e) {
            throw new ModelFormatException(file, "%s: the byte size of %s%s overflows".formatted(what, type, shape), e);
        }
    }
}
