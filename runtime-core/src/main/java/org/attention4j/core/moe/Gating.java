package org.attention4j.core.moe;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;

/** What an expert makes of its two hidden vectors, elementwise. */
public sealed interface Gating {
    /** Appends ops that combine gate and up, {@code F32} of equal dims. */
    Value append(GraphBuilder b, Value gate, Value up);

    /** {@code act(gate) ⊙ up}: SwiGLU, GeGLU and their like. */
    record Glu(Activation activation) implements Gating {
        @Override
        public Value append(GraphBuilder b, Value gate, Value up) {
            return b.mul(b.apply(new Activate(activation), gate), up);
        }
    }

    /**
     * {@code (û + 1) ⊙ â ⊙ σ(alpha·â)} with {@code â = min(gate, limit)} and {@code û = max(−limit, min(up, limit))} (gpt-oss:
     * alpha 1.702, limit 7).
     */
    record ClampedGlu(double alpha, double limit) implements Gating {
        public ClampedGlu {
            if (!(limit > 0) || !Double.isFinite(alpha)) {
                throw new IllegalArgumentException(
                        "experts: alpha is %s and limit %s, expected a finite and a positive number"
                                .formatted(alpha, limit));
            }
        }

        @Override
        public Value append(GraphBuilder b, Value gate, Value up) {
            Value high = b.scalar(DType.F32, limit);
            Value a = b.binary(BinaryKind.MIN, gate, high);
            Value u = b.binary(BinaryKind.MAX, b.binary(BinaryKind.MIN, up, high), b.scalar(DType.F32, -limit));
            Value swish = b.mul(a, b.unary(UnaryKind.SIGMOID, b.mul(a, alpha)));
            return b.mul(b.add(u, 1), swish);
        }
    }
}
