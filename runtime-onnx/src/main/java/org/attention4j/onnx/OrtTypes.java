package org.attention4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;

/** Types of elements in ONNX Runtime's terms. */
final class OrtTypes {
    private OrtTypes() {}

    static OnnxJavaType javaType(DType dtype) {
        return switch (dtype) {
            case F64 -> OnnxJavaType.DOUBLE;
            case F32 -> OnnxJavaType.FLOAT;
            case F16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case I64 -> OnnxJavaType.INT64;
            case I32 -> OnnxJavaType.INT32;
            case I8 -> OnnxJavaType.INT8;
            case U8 -> OnnxJavaType.UINT8;
            case BOOL -> OnnxJavaType.BOOL;
            default -> throw new BackendException("onnx: a tensor can't be of type " + dtype);
        };
    }

    static DType dtype(OnnxJavaType type) {
        return find(type)
                .orElseThrow(() -> new BackendException("onnx: there is no tensor of type %s here".formatted(type)));
    }

    /** The type in this library's terms, if it has one. */
    static Optional<DType> find(OnnxJavaType type) {
        return switch (type) {
            case DOUBLE -> Optional.of(DType.F64);
            case FLOAT -> Optional.of(DType.F32);
            case FLOAT16 -> Optional.of(DType.F16);
            case BFLOAT16 -> Optional.of(DType.BF16);
            case INT64 -> Optional.of(DType.I64);
            case INT32 -> Optional.of(DType.I32);
            case INT8 -> Optional.of(DType.I8);
            case UINT8 -> Optional.of(DType.U8);
            case BOOL -> Optional.of(DType.BOOL);
            case INT16, STRING, UNKNOWN -> Optional.empty();
        };
    }
}
