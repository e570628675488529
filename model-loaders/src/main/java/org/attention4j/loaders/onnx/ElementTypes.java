package org.attention4j.loaders.onnx;

import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** The types of ONNX tensors that graphs can have. */
public final class ElementTypes {
    private ElementTypes() {}

    /**
     * The type of this number.
     *
     * @param what what has the type, for the message of the refusal
     */
    public static DType of(int number, String what) {
        DataType type = DataType.forNumber(number);
        return switch (type) {
            case FLOAT -> DType.F32;
            case DOUBLE -> DType.F64;
            case FLOAT16 -> DType.F16;
            case BFLOAT16 -> DType.BF16;
            case INT64 -> DType.I64;
            case INT32 -> DType.I32;
            case INT8 -> DType.I8;
            case UINT8 -> DType.U8;
            case BOOL -> DType.BOOL;
            case UNDEFINED,
                    STRING,
                    UINT16,
                    INT16,
                    UINT32,
                    UINT64,
                    COMPLEX64,
                    COMPLEX128,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    UINT4,
                    INT4,
                    FLOAT4E2M1,
                    UINT2,
                    INT2 ->
                throw ImportException.unsupported(
                        "%s is of type %s; graphs have FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT64, INT32, INT8, UINT8 and BOOL",
                        what, type);
            case null -> throw ImportException.broken("%s has the unknown data type %d", what, number);
        };
    }
}
