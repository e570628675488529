package org.attention4j.cli.diff;

import java.util.Arrays;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * How a value differs between two backends.
 *
 * @param value its id
 * @param firstToken the position of the first token of the run
 * @param maxError the largest {@code |x − y|}; infinite where only one of them is a number
 * @param tolerance what it may be: {@code atol + rtol · max |y|}
 * @param index where that is, such as {@code [0, 3, 17]}
 * @param actual x: what the backend gave there
 * @param expected y: what the reference gave there
 */
public record ValueDifference(
        String value, int firstToken, double maxError, double tolerance, String index, double actual, double expected) {

    /** Compares two float tensors of the same shape. */
    static ValueDifference of(String value, int firstToken, Tensor actual, Tensor expected, double atol, double rtol) {
        if (!actual.shape().equals(expected.shape())) {
            throw new IllegalStateException(
                    "%s: the backend gave %s, the reference %s".formatted(value, actual, expected));
        }
        double maxError = 0;
        double largest = 0;
        long worst = 0;
        long n = expected.shape().elements();
        for (long i = 0; i < n; i++) {
            double x = actual.getDouble(i);
            double y = expected.getDouble(i);
            double error = Double.compare(x, y) == 0 ? 0 : Math.abs(x - y);
            error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
            if (error > maxError) {
                maxError = error;
                worst = i;
            }
            largest = Double.isFinite(y) ? Math.max(largest, Math.abs(y)) : largest;
        }
        double x = n == 0 ? 0 : actual.getDouble(worst);
        double y = n == 0 ? 0 : expected.getDouble(worst);
        return new ValueDifference(
                value, firstToken, maxError, atol + rtol * largest, index(expected.shape(), worst), x, y);
    }

    /** Whether the difference is within tolerance. */
    public boolean holds() {
        return maxError <= tolerance;
    }

    private static String index(Shape shape, long flat) {
        long[] at = new long[shape.rank()];
        long rest = flat;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            long size = Math.max(1, shape.dim(axis));
            at[axis] = rest % size;
            rest /= size;
        }
        return Arrays.toString(at);
    }
}
