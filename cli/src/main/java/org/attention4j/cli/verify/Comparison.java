package org.attention4j.cli.verify;

import java.util.Optional;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * How a computed tensor differs from the recorded one.
 *
 * @param maxError the largest {@code |x − y|}; NaN if one of them is NaN and the other isn't, or the shapes differ
 * @param mismatch the first entry out of tolerance, or the shapes if they differ; empty if all is well
 */
record Comparison(double maxError, Optional<String> mismatch) {
    static Comparison of(String name, Tensor actual, Tensor expected, Tolerance tolerance) {
        if (!actual.shape().equals(expected.shape())) {
            String shapes = "%s has shape %s, expected %s".formatted(name, actual.shape(), expected.shape());
            return new Comparison(Double.NaN, Optional.of(shapes));
        }
        double maxError = 0;
        Optional<String> mismatch = Optional.empty();
        for (long i = 0; i < expected.shape().elements(); i++) {
            double x = actual.getDouble(i);
            double y = expected.getDouble(i);
            // Equal infinities and two NaNs have no distance, though their difference is NaN.
            maxError = Math.max(maxError, Double.compare(x, y) == 0 ? 0 : Math.abs(x - y));
            if (mismatch.isEmpty() && !tolerance.accepts(x, y)) {
                mismatch = Optional.of("%s%s is %s, expected %s".formatted(name, index(expected.shape(), i), x, y));
            }
        }
        return new Comparison(maxError, mismatch);
    }

    /** The index of the i-th entry (row-major), for example {@code [0, 3, 2]}. */
    private static Shape index(Shape shape, long i) {
        long[] index = new long[shape.rank()];
        long rest = i;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return Shape.of(index);
    }
}
