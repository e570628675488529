package org.attention4j.testkit;

import java.util.Map;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * How far a tensor is from the expected one.
 *
 * @param maxAbs the largest absolute difference
 * @param maxRel the largest difference relative to the expected element
 * @param failures how many elements differ by more than the tolerance
 * @param worst the row-major index of the element that exceeds the tolerance by the largest factor; 0 if none does
 */
public record Compare(double maxAbs, double maxRel, long failures, long worst) {
    /** Compares elements of tensors of one shape and of plain dtypes. */
    public static Compare of(Tensor expected, Tensor actual, Tolerance tolerance) {
        double maxAbs = 0;
        double maxRel = 0;
        double maxExcess = 0;
        long failures = 0;
        long worst = 0;
        for (long i = 0; i < expected.shape().elements(); i++) {
            double e = expected.getDouble(i);
            double a = actual.getDouble(i);
            double difference = e == a ? 0 : Math.abs(a - e);
            maxAbs = Math.max(maxAbs, difference);
            maxRel = difference == 0 ? maxRel : Math.max(maxRel, difference / Math.abs(e));
            double excess = tolerance.excess(e, a);
            failures += excess > 0 ? 1 : 0;
            if (excess > maxExcess) {
                maxExcess = excess;
                worst = i;
            }
        }
        return new Compare(maxAbs, maxRel, failures, worst);
    }

    /**
     * Fails unless both have one dtype and shape and every element of {@code actual} is near enough; integers and booleans
     * must be equal.
     *
     * @param what what was computed, for the message
     */
    public static void assertClose(String what, Tensor expected, Tensor actual, Tolerance tolerance) {
        if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
            throw new AssertionError("%s: got %s, expected %s".formatted(what, actual, expected));
        }
        Tolerance used = expected.dtype().isFloat() ? tolerance : Tolerance.EXACT;
        Compare c = of(expected, actual, used);
        if (c.failures() > 0) {
            throw new AssertionError(
                    "%s: %d of %d elements differ; worst at %s: got %s, expected %s ± (%s); max abs %.3g, rel %.3g"
                            .formatted(
                                    what,
                                    c.failures(),
                                    expected.shape().elements(),
                                    index(expected.shape(), c.worst()),
                                    element(actual, c.worst()),
                                    element(expected, c.worst()),
                                    used,
                                    c.maxAbs(),
                                    c.maxRel()));
        }
    }

    /** {@link #assertClose} for each tensor of two maps, which must have the same keys. */
    public static void assertClose(
            String what, Map<String, Tensor> expected, Map<String, Tensor> actual, Tolerance tolerance) {
        if (!expected.keySet().equals(actual.keySet())) {
            throw new AssertionError("%s: got %s, expected %s".formatted(what, actual.keySet(), expected.keySet()));
        }
        expected.forEach((name, t) -> assertClose(
                what + ": " + name, t, Optional.ofNullable(actual.get(name)).orElseThrow(), tolerance));
    }

    private static String element(Tensor t, long i) {
        return t.dtype().isFloat() || t.dtype() == DType.BOOL
                ? Double.toString(t.getDouble(i))
                : Long.toString(t.getLong(i));
    }

    /** For example {@code [1, 0, 7]}. */
    private static Shape index(Shape shape, long offset) {
        long[] index = new long[shape.rank()];
        long rest = offset;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return Shape.of(index);
    }
}
