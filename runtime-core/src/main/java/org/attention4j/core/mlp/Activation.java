package org.attention4j.core.mlp;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;

/** Elementwise functions of hidden values. The forms that are computed overflow for no finite x whose result is finite. */
public enum Activation {
    /** {@code x·σ(x)}, also called swish (Elfwing et al. 2017, arXiv:1702.03118). */
    SILU {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.mul(x, b.unary(UnaryKind.SIGMOID, x));
        }
    },
    /** {@code x·Φ(x) = x/2·(1 + erf(x/√2))} (Hendrycks, Gimpel 2016, arXiv:1606.08415). */
    GELU {
        @Override
        Value append(GraphBuilder b, Value x) {
            Value erf = b.unary(UnaryKind.ERF, b.mul(x, Math.sqrt(0.5)));
            return b.mul(b.mul(x, 0.5), b.add(erf, 1));
        }
    },
    /** {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))}, an approximation of {@link #GELU} (same paper). */
    GELU_TANH {
        @Override
        Value append(GraphBuilder b, Value x) {
            Value slope = b.add(b.mul(b.mul(x, x), 0.044715), 1);
            Value tanh = b.unary(UnaryKind.TANH, b.mul(b.mul(x, slope), Math.sqrt(2 / Math.PI)));
            return b.mul(b.mul(x, 0.5), b.add(tanh, 1));
        }
    },
    /** {@code x·σ(1.702·x)}, a rougher approximation of {@link #GELU} (same paper). */
    QUICK_GELU {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.mul(x, b.unary(UnaryKind.SIGMOID, b.mul(x, 1.702)));
        }
    },
    /** {@code max(x, 0)}. */
    RELU {
        @Override
        Value append(GraphBuilder b, Value x) {
            return positive(b, x);
        }
    },
    /** {@code max(x, 0)²} (So et al. 2021, arXiv:2109.08668). */
    RELU2 {
        @Override
        Value append(GraphBuilder b, Value x) {
            Value relu = positive(b, x);
            return b.mul(relu, relu);
        }
    },
    /** {@code σ(x) = 1 / (1 + exp(−x))}. */
    SIGMOID {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.unary(UnaryKind.SIGMOID, x);
        }
    },
    /** {@code tanh(x)}. */
    TANH {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.unary(UnaryKind.TANH, x);
        }
    },
    /** {@code elu(x) + 1}: {@code x + 1} above 0, {@code exp(x)} below (Katharopoulos et al. 2020, arXiv:2006.16236, eq. 7). */
    ELU1 {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.add(positive(b, x), b.unary(UnaryKind.EXP, negative(b, x)));
        }
    },
    /** {@code log(1 + exp(x))}. */
    SOFTPLUS {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.add(positive(b, x), softplusOfMinusAbs(b, x));
        }
    },
    /** {@code log σ(x) = −softplus(−x)}. */
    LOG_SIGMOID {
        @Override
        Value append(GraphBuilder b, Value x) {
            return b.sub(negative(b, x), softplusOfMinusAbs(b, x));
        }
    };

    /** Appends the function's primitives. */
    abstract Value append(GraphBuilder b, Value x);

    private static Value positive(GraphBuilder b, Value x) {
        return b.binary(BinaryKind.MAX, x, b.scalar(x.type().dtype(), 0));
    }

    private static Value negative(GraphBuilder b, Value x) {
        return b.binary(BinaryKind.MIN, x, b.scalar(x.type().dtype(), 0));
    }

    /** {@code log(1 + exp(−|x|))}, between 0 and log 2. */
    private static Value softplusOfMinusAbs(GraphBuilder b, Value x) {
        Value decay = b.unary(UnaryKind.EXP, b.unary(UnaryKind.NEG, b.unary(UnaryKind.ABS, x)));
        return b.unary(UnaryKind.LOG, b.add(decay, 1));
    }
}
