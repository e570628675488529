package org.attention4j.core.mixer.linearattention;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** Elementwise functions of queries and keys that make their products positive, or bounded, without a softmax. */
public enum FeatureMap {
    /** x. */
    IDENTITY {
        @Override
        public Value append(GraphBuilder b, Value x) {
            return x;
        }
    },
    /** {@code elu(x) + 1}: x + 1 above 0, e^x below (Katharopoulos et al. 2020, arXiv:2006.16236, eq. 7). */
    ELU_PLUS_ONE {
        @Override
        public Value append(GraphBuilder b, Value x) {
            Value zero = b.scalar(DType.F32, 0);
            Value below = b.unary(UnaryKind.EXP, b.binary(BinaryKind.MIN, x, zero));
            return b.add(b.binary(BinaryKind.MAX, x, zero), below);
        }
    },
    /** {@code max(x, 0)}. */
    RELU {
        @Override
        public Value append(GraphBuilder b, Value x) {
            return b.binary(BinaryKind.MAX, x, b.scalar(DType.F32, 0));
        }
    },
    /** {@code x·σ(x)}. */
    SILU {
        @Override
        public Value append(GraphBuilder b, Value x) {
            return b.mul(x, b.unary(UnaryKind.SIGMOID, x));
        }
    };

    /** Appends the function of {@code x F32[…]}. */
    public abstract Value append(GraphBuilder b, Value x);
}
