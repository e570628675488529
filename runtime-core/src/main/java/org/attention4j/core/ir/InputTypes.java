package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.tensor.DType;

/**
 * The types that a {@link CompositeOp} is given, with the checks that most of them make. Each failure is one line: the op, the
 * input, what it is and what was expected.
 */
public final class InputTypes {
    private final CompositeOp op;
    private final List<String> names;
    private final List<TensorType> types;

    private InputTypes(CompositeOp op, List<TensorType> types) {
        this.op = op;
        this.names = op.inputNames();
        this.types = types;
    }

    /**
     * The inputs of {@code op}.
     *
     * @throws IllegalArgumentException if {@link CompositeOp#inputNames()} has another count of names
     */
    public static InputTypes of(CompositeOp op, List<TensorType> types) {
        if (types.size() != op.inputNames().size()) {
            throw new IllegalArgumentException(
                    "%s: %d inputs given, expected %s".formatted(op.name(), types.size(), op.inputNames()));
        }
        return new InputTypes(op, types);
    }

    /** The type of the input called {@code name}. */
    public TensorType get(String name) {
        int i = names.indexOf(name);
        if (i < 0) {
            throw new IllegalArgumentException("%s: no input %s; there are %s".formatted(op.name(), name, names));
        }
        return types.get(i);
    }

    /** An F32 input of at least {@code minRank} dimensions. */
    public TensorType activation(String name, int minRank) {
        TensorType type = get(name);
        String rank = minRank == 1 ? "at least 1 dimension" : "at least %d dimensions".formatted(minRank);
        require(type.dtype() == DType.F32 && type.rank() >= minRank, name, "F32 of " + rank);
        return type;
    }

    /** An input of exactly this type. */
    public TensorType exactly(String name, DType dtype, Dim... dims) {
        TensorType expected = TensorType.of(dtype, dims);
        require(get(name).equals(expected), name, expected.toString());
        return expected;
    }

    /** A matrix of weights: two dimensions, of any float dtype or block-quantised. */
    public TensorType matrix(String name) {
        TensorType type = get(name);
        boolean fits =
                type.rank() == 2 && (type.dtype().isFloat() || type.dtype().isQuantized());
        require(fits, name, "two dimensions of a float or block-quantised dtype");
        return type;
    }

    /** A matrix of weights of these dimensions, of any float dtype or block-quantised. */
    public TensorType matrix(String name, Dim rows, Dim columns) {
        TensorType type = matrix(name);
        require(type.dims().equals(ImmutableList.of(rows, columns)), name, "dims [%s, %s]".formatted(rows, columns));
        return type;
    }

    /** A stack of weight matrices: three dimensions, of any float dtype or block-quantised. */
    public TensorType stack(String name) {
        TensorType type = get(name);
        boolean fits =
                type.rank() == 3 && (type.dtype().isFloat() || type.dtype().isQuantized());
        require(fits, name, "three dimensions of a float or block-quantised dtype");
        return type;
    }

    /** A stack of weight matrices of these dimensions, of any float dtype or block-quantised. */
    public TensorType stack(String name, Dim count, Dim rows, Dim columns) {
        TensorType type = stack(name);
        boolean fits = type.dims().equals(ImmutableList.of(count, rows, columns));
        require(fits, name, "dims [%s, %s, %s]".formatted(count, rows, columns));
        return type;
    }

    /** {@code count} vectors of {@code size} weights of any float dtype. */
    public TensorType vectors(String name, Dim count, Dim size) {
        TensorType type = get(name);
        boolean fits = type.dtype().isFloat() && type.dims().equals(ImmutableList.of(count, size));
        require(fits, name, "dims [%s, %s] of a float dtype".formatted(count, size));
        return type;
    }

    /** A vector of {@code size} weights of any float dtype. */
    public TensorType vector(String name, Dim size) {
        TensorType type = get(name);
        boolean fits = type.dtype().isFloat() && type.dims().equals(ImmutableList.of(size));
        require(fits, name, "dims [%s] of a float dtype".formatted(size));
        return type;
    }

    /**
     * Fails if {@code fits} does not hold.
     *
     * @throws IllegalArgumentException saying that the input is of its type, and what was expected
     */
    public void require(boolean fits, String name, String expected) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "%s: input %s is %s, expected %s".formatted(op.name(), name, get(name), expected));
        }
    }
}
