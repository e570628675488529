package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/**
 * The closed set of operators that every backend implements. Adding one breaks each backend's exhaustive {@code switch} at
 * compile time, on purpose. Axes are non-negative here; {@link GraphBuilder} takes negative ones too.
 */
public sealed interface PrimitiveOp {
    /** The operator's name in snake case. */
    String name();

    /** No inputs: a tensor that is part of the graph, such as a weight. Only {@code name} is printed. */
    record Constant(String label, Tensor value) implements PrimitiveOp {
        @Override
        public String name() {
            return "constant";
        }
    }

    /** {@code [x]}: an elementwise function. */
    record Unary(UnaryKind kind) implements PrimitiveOp {
        @Override
        public String name() {
            return kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code [a, b]}: an elementwise function of two values of one dtype, broadcast against each other as in NumPy. */
    record Binary(BinaryKind kind) implements PrimitiveOp {
        @Override
        public String name() {
            return kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code [condition BOOL, a, b]}: a where the condition holds, else b; all three broadcast. */
    record Where() implements PrimitiveOp {
        @Override
        public String name() {
            return "where";
        }
    }

    /** {@code [x]}: reduces the axes; they stay with size 1 if {@code keepDims}. */
    record Reduce(ReduceKind kind, List<Integer> axes, boolean keepDims) implements PrimitiveOp {
        public Reduce {
            axes = ImmutableList.copyOf(axes);
        }

        @Override
        public String name() {
            return "reduce_" + kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code [a …×M×K, b …×K×N]}, or b {@code …×N×K} if {@code transposeB}: matrix products; leading dims broadcast. */
    record MatMul(boolean transposeB) implements PrimitiveOp {
        @Override
        public String name() {
            return "matmul";
        }
    }

    /** {@code [x, indices I64]}: replaces x's {@code axis} by the dims of indices, taking these entries. */
    record Gather(int axis) implements PrimitiveOp {
        @Override
        public String name() {
            return "gather";
        }
    }

    /** {@code [x, indices I64]}, equal ranks: {@code y[i][j] = x[indices[i][j]][j]} for axis 0; other dims broadcast. */
    record GatherElements(int axis) implements PrimitiveOp {
        @Override
        public String name() {
            return "gather_elements";
        }
    }

    /** {@code [x, indices I64, updates]}: x with {@code x[indices[i][j]][j] += updates[i][j]} for axis 0. */
    record ScatterAdd(int axis) implements PrimitiveOp {
        @Override
        public String name() {
            return "scatter_add";
        }
    }

    /** {@code [x]}: entries start, start + step, … before end, of one axis; {@code end} may be {@link #TO_END}. */
    record Slice(int axis, long start, long end, long step) implements PrimitiveOp {
        @Override
        public String name() {
            return "slice";
        }
    }

    /** One or more values of equal dims but for {@code axis}. */
    record Concat(int axis) implements PrimitiveOp {
        @Override
        public String name() {
            return "concat";
        }
    }

    /** {@code [x]}: dimension i of the result is dimension {@code permutation[i]} of x. */
    record Transpose(List<Integer> permutation) implements PrimitiveOp {
        public Transpose {
            permutation = ImmutableList.copyOf(permutation);
        }

        @Override
        public String name() {
            return "transpose";
        }
    }

    /** {@code [x]}: the same elements in row-major order with other dims. */
    record Reshape(List<Dim> dims) implements PrimitiveOp {
        public Reshape {
            dims = ImmutableList.copyOf(dims);
        }

        @Override
        public String name() {
            return "reshape";
        }
    }

    /** {@code [x]}: x broadcast to {@code dims} as in NumPy. */
    record Broadcast(List<Dim> dims) implements PrimitiveOp {
        public Broadcast {
            dims = ImmutableList.copyOf(dims);
        }

        @Override
        public String name() {
            return "broadcast";
        }
    }

    /** {@code [x]}: running sums along an axis; exclusive ones leave out the entry itself, reverse ones run backwards. */
    record CumSum(int axis, boolean exclusive, boolean reverse) implements PrimitiveOp {
        @Override
        public String name() {
            return "cumsum";
        }
    }

    /** No inputs: {@code I64[size]} holding 0, 1, 2, …. */
    record Iota(Dim size) implements PrimitiveOp {
        @Override
        public String name() {
            return "iota";
        }
    }

    /** No inputs: an {@code I64} scalar holding the size of a dimension. */
    record SizeOf(Dim dim) implements PrimitiveOp {
        @Override
        public String name() {
            return "size_of";
        }
    }

    /** {@code [x]}: to another plain dtype. Float to integer truncates; number to BOOL is "not zero". */
    record Cast(DType dtype) implements PrimitiveOp {
        @Override
        public String name() {
            return "cast";
        }
    }

    /** {@code [x]} of a block-quantised dtype: its values as F32, of the same dims. */
    record Dequantize() implements PrimitiveOp {
        @Override
        public String name() {
            return "dequantize";
        }
    }

    /** {@code [x]}: the k largest entries along an axis in falling order, and their I64 indices; ties: lower index first. */
    record TopK(int k, int axis) implements PrimitiveOp {
        @Override
        public String name() {
            return "top_k";
        }
    }

    /** {@code [x]}: {@code before} and {@code after} entries of {@code value} added at both ends of an axis. */
    record Pad(int axis, long before, long after, double value) implements PrimitiveOp {
        @Override
        public String name() {
            return "pad";
        }
    }

    /** The {@link Slice#end()} that means "up to the last entry". */
    long TO_END = Long.MAX_VALUE;

    /** Elementwise functions of one value. */
    enum UnaryKind {
        NEG,
        ABS,
        EXP,
        LOG,
        SQRT,
        RECIPROCAL,
        SIN,
        COS,
        TANH,
        SIGMOID,
        ERF,
        FLOOR,
        /** BOOL only. */
        NOT
    }

    /** Elementwise functions of two values. */
    enum BinaryKind {
        ADD,
        SUB,
        MUL,
        /** Integers divide towards negative infinity. */
        DIV,
        /** {@code a − floor(a / b)·b}: the sign of b, as in Python. */
        MOD,
        /** Floats only. */
        POW,
        MIN,
        MAX,
        /** Compares; gives BOOL. */
        EQUAL,
        /** Compares; gives BOOL. */
        LESS,
        /** Compares; gives BOOL. */
        LESS_EQUAL,
        /** BOOL only. */
        AND,
        /** BOOL only. */
        OR;

        /** True if the result is BOOL whatever the operands are. */
        public boolean isComparison() {
            return this == EQUAL || this == LESS || this == LESS_EQUAL;
        }

        /** True if the operands must be BOOL. */
        public boolean isLogical() {
            return this == AND || this == OR;
        }
    }

    /** How entries are combined. Sums of no entries are 0; the others need at least one. */
    enum ReduceKind {
        SUM,
        MEAN,
        MAX,
        MIN
    }
}
