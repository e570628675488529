package org.attention4j.core.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.attention4j.core.quant.BlockCodec;

/**
 * A dense, row-major array of elements in a {@link MemorySegment}. The segment may be a file's mapping, native memory or a
 * Java array; the tensor is a view of it and does not own it. Elements are little-endian and need not be aligned.
 *
 * <p>A tensor's dtype, shape and segment never change; the segment's contents may (states and reused result buffers), so a
 * tensor is only as thread-safe as the use made of its memory.
 */
public final class Tensor {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DType dtype;
    private final Shape shape;
    private final Memory memory;

    private Tensor(DType dtype, Shape shape, Memory memory) {
        this.dtype = dtype;
        this.shape = shape;
        this.memory = memory;
    }

    /**
     * A view of {@code data}.
     *
     * @throws IllegalArgumentException if the segment's size is not {@code dtype.byteSize(shape)}
     */
    public static Tensor of(DType dtype, Shape shape, MemorySegment data) {
        long expected = dtype.byteSize(shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("tensor %s%s: the segment has %d bytes, expected %d"
                    .formatted(dtype, shape, data.byteSize(), expected));
        }
        return new Tensor(dtype, shape, new Memory.Present(data));
    }

    /** A tensor whose bytes are made when they are read. */
    public static Tensor of(DType dtype, Shape shape, TensorContents contents) {
        return new Tensor(dtype, shape, new Memory.Made(contents, dtype.byteSize(shape)));
    }

    /** A new tensor of zeros in native memory that the garbage collector frees. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return zeros(dtype, shape, Arena.ofAuto());
    }

    /** A new tensor of zeros in native memory of {@code arena}, aligned to 64 bytes. */
    public static Tensor zeros(DType dtype, Shape shape, Arena arena) {
        return of(dtype, shape, arena.allocate(dtype.byteSize(shape), 64));
    }

    /** An {@code F32} tensor holding a copy of {@code values}, row-major. */
    public static Tensor f32(Shape shape, float... values) {
        requireCount(DType.F32, shape, values.length);
        Tensor t = zeros(DType.F32, shape);
        MemorySegment.copy(values, 0, t.data(), F32, 0, values.length);
        return t;
    }

    /** An {@code I64} tensor holding a copy of {@code values}, row-major. */
    public static Tensor i64(Shape shape, long... values) {
        requireCount(DType.I64, shape, values.length);
        Tensor t = zeros(DType.I64, shape);
        MemorySegment.copy(values, 0, t.data(), I64, 0, values.length);
        return t;
    }

    /** An {@code I64} scalar. */
    public static Tensor scalar(long value) {
        return i64(Shape.of(), value);
    }

    /** An {@code F32} scalar. */
    public static Tensor scalar(float value) {
        return f32(Shape.of(), value);
    }

    private static void requireCount(DType dtype, Shape shape, int count) {
        if (shape.elements() != count) {
            throw new IllegalArgumentException(
                    "tensor %s%s: %d values given, expected %d".formatted(dtype, shape, count, shape.elements()));
        }
    }

    /** The element type. */
    public DType dtype() {
        return dtype;
    }

    /** The sizes of the dimensions. */
    public Shape shape() {
        return shape;
    }

    /**
     * The memory: {@code dtype().byteSize(shape())} bytes. Those of {@link #contents()} are made, read-only, and forgotten when
     * nobody holds the segment.
     */
    public MemorySegment data() {
        return memory.bytes();
    }

    /** What makes the bytes when they are read, if they are not in memory. */
    public Optional<TensorContents> contents() {
        return memory instanceof Memory.Made made ? Optional.of(made.contents()) : Optional.empty();
    }

    /**
     * Some of the bytes: a view of the memory if they are there, else made for the caller.
     *
     * @param offset the start of an element, or of a block of a quantised dtype
     * @param size of a whole number of elements or blocks, less than 2 GiB
     */
    public MemorySegment bytes(long offset, long size) {
        return switch (memory) {
            case Memory.Present(MemorySegment all) -> all.asSlice(offset, size);
            case Memory.Made made -> {
                MemorySegment part = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
                made.contents().read(offset, part);
                yield part;
            }
        };
    }

    /**
     * Consecutive entries of the first dimension: rows of a matrix, say. They share this tensor's memory or contents.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    public Tensor rows(long first, long count) {
        long[] dims = shape.dims();
        Objects.checkFromIndexSize(first, count, dims[0]);
        dims[0] = 1;
        long rowBytes = dtype.byteSize(Shape.of(dims));
        dims[0] = count;
        return switch (memory) {
            case Memory.Present(MemorySegment all) ->
                of(dtype, Shape.of(dims), all.asSlice(first * rowBytes, count * rowBytes));
            case Memory.Made made -> of(dtype, Shape.of(dims), made.contents().rows(first, count, rowBytes));
        };
    }

    /**
     * Tensors as the entries of a new first dimension: {@code [parts, ...]}. They stay where they are.
     *
     * @param name of the whole, for messages
     * @throws IllegalArgumentException if there are none, or they are not of one dtype and shape
     */
    public static Tensor stack(String name, List<Tensor> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("tensor %s: no parts to stack, expected at least one".formatted(name));
        }
        Tensor first = parts.getFirst();
        for (int i = 1; i < parts.size(); i++) {
            Tensor part = parts.get(i);
            if (part.dtype != first.dtype || !part.shape.equals(first.shape)) {
                throw new IllegalArgumentException(
                        "tensor %s: part %d is %s, expected %s as part 0".formatted(name, i, part, first));
            }
        }
        long[] dims = new long[first.shape.rank() + 1];
        dims[0] = parts.size();
        System.arraycopy(first.shape.dims(), 0, dims, 1, dims.length - 1);
        return of(first.dtype, Shape.of(dims), new StackedTensors(parts, first.dtype.byteSize(first.shape)));
    }

    /**
     * One entry of the first dimension, without that dimension; the very part if the tensor was made by {@link #stack}.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public Tensor entry(long i) {
        long[] dims = shape.dims();
        Objects.checkIndex(i, dims[0]);
        Shape rest = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
        if (memory instanceof Memory.Made made
                && made.contents() instanceof StackedTensors(List<Tensor> parts, long bytes)
                && parts.size() == dims[0]) {
            return parts.get((int) i).reshape(rest);
        }
        return rows(i, 1).reshape(rest);
    }

    /** Says that nothing will be read soon: pages of a mapped file may leave memory until something is. */
    public void unload() {
        switch (memory) {
            case Memory.Present(MemorySegment all) -> {
                if (all.isMapped()) {
                    all.unload();
                }
            }
            case Memory.Made made -> made.contents().unload();
        }
    }

    /** The same memory with another shape of equally many elements. */
    public Tensor reshape(Shape newShape) {
        if (newShape.equals(shape)) {
            return this;
        }
        if (newShape.elements() != shape.elements()) {
            throw new IllegalArgumentException(
                    "tensor %s%s: can't be reshaped to %s".formatted(dtype, shape, newShape));
        }
        return new Tensor(dtype, newShape, memory);
    }

    /** A read-only view of the same memory. */
    public Tensor asReadOnly() {
        return memory instanceof Memory.Present(MemorySegment all) ? of(dtype, shape, all.asReadOnly()) : this;
    }

    /** Element {@code i} (row-major) of a plain type as a double; a boolean as 0 or 1. */
    public double getDouble(long i) {
        return switch (dtype) {
            case F64 -> data().get(F64, i * 8);
            case F32 -> data().get(F32, i * 4);
            case F16 -> Float.float16ToFloat(data().get(I16, i * 2));
            case BF16 -> Float.intBitsToFloat(data().get(I16, i * 2) << 16);
            case I64, I32, I8, U8, BOOL -> getLong(i);
            default -> throw notPlain("getDouble");
        };
    }

    /** Element {@code i} (row-major) of an integer or boolean type. */
    public long getLong(long i) {
        return switch (dtype) {
            case I64 -> data().get(I64, i * 8);
            case I32 -> data().get(I32, i * 4);
            case I8 -> data().get(ValueLayout.JAVA_BYTE, i);
            case U8, BOOL -> data().get(ValueLayout.JAVA_BYTE, i) & 0xff;
            default ->
                throw new IllegalStateException("tensor %s%s: getLong needs an integer type".formatted(dtype, shape));
        };
    }

    /** Sets element {@code i} (row-major) of a float type, rounding to nearest even: first to F32, then to a shorter type. */
    public void setDouble(long i, double value) {
        switch (dtype) {
            case F64 -> data().set(F64, i * 8, value);
            case F32 -> data().set(F32, i * 4, (float) value);
            case F16 -> data().set(I16, i * 2, Float.floatToFloat16((float) value));
            case BF16 -> data().set(I16, i * 2, bf16((float) value));
            case I64, I32, I8, U8, BOOL -> setLong(i, (long) value);
            default -> throw notPlain("setDouble");
        }
    }

    /** Sets element {@code i} (row-major) of an integer or boolean type. */
    public void setLong(long i, long value) {
        switch (dtype) {
            case I64 -> data().set(I64, i * 8, value);
            case I32 -> data().set(I32, i * 4, (int) value);
            case I8, U8 -> data().set(ValueLayout.JAVA_BYTE, i, (byte) value);
            case BOOL -> data().set(ValueLayout.JAVA_BYTE, i, (byte) (value == 0 ? 0 : 1));
            case F64, F32, F16, BF16 -> setDouble(i, (double) value);
            default -> throw notPlain("setLong");
        }
    }

    /** All elements as floats, row-major; quantised blocks are dequantised. */
    public float[] toFloatArray() {
        float[] out = new float[Math.toIntExact(shape.elements())];
        if (dtype == DType.F32) {
            MemorySegment.copy(data(), F32, 0, out, 0, out.length);
        } else if (dtype.isQuantized()) {
            BlockCodec.of(dtype).decode(data(), 0, out, 0, out.length);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) getDouble(i);
            }
        }
        return out;
    }

    /** All elements of an integer or boolean type, row-major. */
    public long[] toLongArray() {
        long[] out = new long[Math.toIntExact(shape.elements())];
        for (int i = 0; i < out.length; i++) {
            out[i] = getLong(i);
        }
        return out;
    }

    /** Copies the contents of {@code source}, which must have the same dtype and shape, into this tensor's memory. */
    public void copyFrom(Tensor source) {
        if (dtype != source.dtype || !shape.equals(source.shape)) {
            throw new IllegalArgumentException(
                    "tensor %s%s: can't be filled from %s%s".formatted(dtype, shape, source.dtype, source.shape));
        }
        MemorySegment.copy(source.data(), 0, data(), 0, data().byteSize());
    }

    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private IllegalStateException notPlain(String what) {
        return new IllegalStateException(
                "tensor %s%s: %s needs a plain type, not quantised blocks".formatted(dtype, shape, what));
    }

    /** Type and shape, for example {@code F32[2, 17]}. */
    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}
