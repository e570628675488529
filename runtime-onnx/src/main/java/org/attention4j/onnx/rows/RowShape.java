package org.attention4j.onnx.rows;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.x86.RowFunction.Input;

/**
 * The rows that a function goes through: as many as {@code leading} dims say, of {@code size} entries.
 *
 * @param leading up to the last one that is not fixed
 */
record RowShape(List<Dim> leading, long size) {
    /** Shorter rows are not worth it. */
    private static final long LEAST_SIZE = 16;

    private static final long MOST_SIZE = 1 << 20;

    RowShape {
        leading = ImmutableList.copyOf(leading);
    }

    /** The rows of a value of these dims, if there are such. */
    static Optional<RowShape> of(List<Dim> dims) {
        int end = dims.size();
        while (end > 0 && dims.get(end - 1) instanceof Dim.Fixed) {
            end--;
        }
        if (end == 0) {
            return Optional.empty();
        }
        long size = product(dims.subList(end, dims.size()));
        boolean isLong = size >= LEAST_SIZE && size <= MOST_SIZE;
        return isLong ? Optional.of(new RowShape(dims.subList(0, end), size)) : Optional.empty();
    }

    /** The dims of a row of a value; empty if it has other leading ones. */
    Optional<List<Dim>> rest(List<Dim> dims) {
        boolean isOfRows =
                dims.size() >= leading.size() && dims.subList(0, leading.size()).equals(leading);
        return isOfRows ? Optional.of(dims.subList(leading.size(), dims.size())) : Optional.empty();
    }

    /** Whether the first dims of an input of these dims say how many rows there are. */
    boolean counts(Input kind, List<Dim> dims) {
        return (kind == Input.ROWS || kind == Input.ROWS_OF_GROUPS)
                && rest(dims).isPresent();
    }

    /** Of dims that are all fixed, or -1. */
    static long product(List<Dim> dims) {
        long product = 1;
        for (Dim dim : dims) {
            if (!(dim instanceof Dim.Fixed(long size))) {
                return -1;
            }
            product *= size;
        }
        return product;
    }
}
