package org.attention4j.onnx.emit;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.TensorShapeProto;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** Types of values in ONNX's terms. */
public final class OnnxTypes {
    private OnnxTypes() {}

    /**
     * The ONNX data type.
     *
     * @throws IllegalArgumentException if {@code dtype} is block-quantised: ONNX has no such type
     */
    public static DataType dataType(DType dtype) {
        return switch (dtype) {
            case F64 -> DataType.DOUBLE;
            case F32 -> DataType.FLOAT;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOL;
            default -> throw new IllegalArgumentException("ONNX has no type for " + dtype);
        };
    }

    /** A graph's input or output; symbolic dims keep their names. */
    static ValueInfoProto info(String name, TensorType type) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Dim dim : type.dims()) {
            TensorShapeProto.Dimension.Builder d = shape.addDimBuilder();
            if (dim instanceof Dim.Fixed(long size)) {
                d.setDimValue(size);
            } else {
                d.setDimParam(dim.toString());
            }
        }
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder()
                .setElemType(dataType(type.dtype()).getNumber())
                .setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
