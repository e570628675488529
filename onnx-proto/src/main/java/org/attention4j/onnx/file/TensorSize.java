package org.attention4j.onnx.file;

import java.util.List;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** How many bytes a tensor's elements take in {@code raw_data} or in a side file. */
public final class TensorSize {
    private TensorSize() {}

    /**
     * Bits of one element.
     *
     * @throws IllegalArgumentException if elements of the type have no fixed size ({@code STRING}, {@code UNDEFINED})
     */
    public static int bits(DataType type) {
        return switch (type) {
            case COMPLEX128 -> 128;
            case DOUBLE, INT64, UINT64, COMPLEX64 -> 64;
            case FLOAT, INT32, UINT32 -> 32;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> 16;
            case INT8, UINT8, BOOL, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 -> 8;
            case INT4, UINT4, FLOAT4E2M1 -> 4;
            case INT2, UINT2 -> 2;
            case STRING, UNDEFINED -> throw new IllegalArgumentException(type + ": elements have no fixed size");
        };
    }

    /**
     * Bytes of a tensor; types under a byte are packed, and the last byte may be partly used.
     *
     * @throws IllegalArgumentException if a dimension is negative, the size overflows a {@code long}, or elements of the
     *     type have no fixed size
     */
    public static long bytes(DataType type, long... dims) {
        long elements = 1;
        try {
            for (long dim : dims) {
                if (dim < 0) {
                    throw new IllegalArgumentException("dimension %d is negative".formatted(dim));
                }
                elements = Math.multiplyExact(elements, dim);
            }
            return Math.ceilDiv(Math.multiplyExact(elements, (long) bits(type)), 8L);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the size overflows", e);
        }
    }

    /** Bytes of {@code tensor}'s elements; an error names the tensor. */
    static long bytes(TensorProto tensor) throws OnnxFormatException {
        DataType type = DataType.forNumber(tensor.getDataType());
        if (type == null) {
            throw new OnnxFormatException(
                    "tensor '%s': unknown data type %d".formatted(tensor.getName(), tensor.getDataType()));
        }
        try {
            return bytes(type, dims(tensor.getDimsList()));
        } catch (IllegalArgumentException e) {
            throw new OnnxFormatException(
                    "tensor '%s' %s%s: %s".formatted(tensor.getName(), type, tensor.getDimsList(), e.getMessage()), e);
        }
    }

    private static long[] dims(List<Long> dims) {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }
}
