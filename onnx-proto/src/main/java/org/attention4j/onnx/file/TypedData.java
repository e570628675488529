package org.attention4j.onnx.file;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.BiConsumer;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Tensors whose elements are in the repeated field of their type instead of {@code raw_data}. */
final class TypedData {
    private TypedData() {}

    /** The elements in the layout of {@code raw_data}: little-endian, without gaps. */
    static MemorySegment bytes(TensorProto tensor) throws OnnxFormatException {
        DataType type = DataType.forNumber(tensor.getDataType());
        return switch (type) {
            case FLOAT, COMPLEX64 -> pack(tensor, tensor.getFloatDataList(), 4, ByteBuffer::putFloat);
            case DOUBLE, COMPLEX128 -> pack(tensor, tensor.getDoubleDataList(), 8, ByteBuffer::putDouble);
            case INT64 -> pack(tensor, tensor.getInt64DataList(), 8, ByteBuffer::putLong);
            case UINT64 -> pack(tensor, tensor.getUint64DataList(), 8, ByteBuffer::putLong);
            case UINT32 -> pack(tensor, tensor.getUint64DataList(), 4, (b, v) -> b.putInt(v.intValue()));
            case INT32 -> pack(tensor, tensor.getInt32DataList(), 4, ByteBuffer::putInt);
            case INT16, UINT16, FLOAT16, BFLOAT16 ->
                pack(tensor, tensor.getInt32DataList(), 2, (b, v) -> b.putShort(v.shortValue()));
            // Types under a byte: each int32 holds one byte of packed elements.
            case INT8,
                    UINT8,
                    BOOL,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    INT4,
                    UINT4,
                    FLOAT4E2M1,
                    INT2,
                    UINT2 -> pack(tensor, tensor.getInt32DataList(), 1, (b, v) -> b.put(v.byteValue()));
            case STRING, UNDEFINED ->
                throw new OnnxFormatException("tensor '%s': %s has no bytes".formatted(tensor.getName(), type));
            case null ->
                throw new OnnxFormatException(
                        "tensor '%s': unknown data type %d".formatted(tensor.getName(), tensor.getDataType()));
        };
    }

    private static <T> MemorySegment pack(
            TensorProto tensor, List<T> values, int bytesEach, BiConsumer<ByteBuffer, T> put)
            throws OnnxFormatException {
        long size = (long) values.size() * bytesEach;
        if (size > Integer.MAX_VALUE) {
            throw new OnnxFormatException(
                    "tensor '%s': %d values in typed fields are too many".formatted(tensor.getName(), values.size()));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(value -> put.accept(bytes, value));
        return MemorySegment.ofBuffer(bytes.flip());
    }
}
