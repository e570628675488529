package org.attention4j.loaders.onnx.op;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.OnnxNode;

/** Elementwise functions of a node's values that several groups of operators need. */
final class Elements {
    private Elements() {}

    /** A function of two values that broadcast; symbols that meet become one. */
    static Value binary(OnnxNode n, BinaryKind kind, Value a, Value b) {
        n.broadcast(a.type().dims(), b.type().dims());
        return n.builder().binary(kind, a, b);
    }

    static Value add(OnnxNode n, Value a, Value b) {
        return binary(n, BinaryKind.ADD, a, b);
    }

    static Value mul(OnnxNode n, Value a, Value b) {
        return binary(n, BinaryKind.MUL, a, b);
    }

    /** a where the condition holds, else b. */
    static Value where(OnnxNode n, Value condition, Value a, Value b) {
        n.broadcast(a.type().dims(), b.type().dims());
        n.broadcast(condition.type().dims(), a.type().dims());
        n.broadcast(condition.type().dims(), b.type().dims());
        return n.builder().where(condition, a, b);
    }

    /** Whether each entry is below 0. */
    static Value negative(GraphBuilder b, Value x) {
        return b.binary(BinaryKind.LESS, x, scalar(b, x.type().dtype(), 0));
    }

    /** A scalar of any type but BOOL and block-quantised ones. */
    static Value scalar(GraphBuilder b, DType dtype, double value) {
        if (dtype.isFloat() || dtype == DType.I64) {
            return b.scalar(dtype, value);
        }
        Tensor t = Tensor.zeros(dtype, Shape.of());
        t.setDouble(0, value);
        return b.constant(dtype + " " + value, t);
    }

    /** Booleans the other way. */
    static Value not(GraphBuilder b, Value x) {
        return b.unary(UnaryKind.NOT, x);
    }

    /** x times a number of its type. */
    static Value times(GraphBuilder b, Value x, double factor) {
        return factor == 1 ? x : b.mul(x, factor);
    }

    /** x as F32, as composites want it. */
    static Value f32(OnnxNode n, Value x) {
        return n.builder().cast(x, DType.F32);
    }

    /** A result of a composite, of the type that the node's input had. */
    static Value like(OnnxNode n, Value y, TensorType type) {
        return n.builder().cast(y, type.dtype());
    }

    /** x as I64, as ops want indices. */
    static Value i64(OnnxNode n, Value x) {
        return n.builder().cast(x, DType.I64);
    }
}
