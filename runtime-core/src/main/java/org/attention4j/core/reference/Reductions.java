package org.attention4j.core.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.tensor.Shape;

/** Primitives that combine the entries along dimensions. */
final class Reductions {
    private Reductions() {}

    static Array reduce(ReduceKind kind, Array x, List<Integer> axes, Shape out) {
        Array rows = reducedLast(x, axes);
        int count = Array.count(out);
        long reduced =
                axes.stream().distinct().mapToLong(axis -> x.shape().dim(axis)).reduce(1, Math::multiplyExact);
        int width = Math.toIntExact(reduced);
        if (width == 0 && kind != ReduceKind.SUM && count > 0) {
            throw new IllegalArgumentException(
                    "%s of no entries: dimensions %s of %s".formatted(kind, axes, x.shape()));
        }
        return switch (kind) {
            case SUM -> sum(rows, count, width).reshape(out);
            case MEAN -> mean((Doubles) sum(rows, count, width), width).reshape(out);
            case MAX -> extreme(rows, count, width, 1).reshape(out);
            case MIN -> extreme(rows, count, width, -1).reshape(out);
        };
    }

    /** x with {@code axes} moved to the end. */
    private static Array reducedLast(Array x, List<Integer> axes) {
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, x.shape().rank()).filter(i -> !axes.contains(i)).forEach(order::add);
        axes.stream().distinct().sorted().forEach(order::add);
        Shape shape =
                Shape.of(order.stream().mapToLong(axis -> x.shape().dim(axis)).toArray());
        boolean inOrder = order.equals(order.stream().sorted().toList());
        return inOrder ? x : Movement.transpose(x, order, shape);
    }

    private static Array sum(Array rows, int count, int width) {
        Array out = rows.zeros(Shape.of(count));
        for (int i = 0; i < count * width; i++) {
            out.add(i / width, rows, i);
        }
        return out;
    }

    private static Doubles mean(Doubles sums, int width) {
        for (int i = 0; i < sums.data.length; i++) {
            sums.data[i] /= width;
        }
        return sums;
    }

    /** The entry of each row that is largest after its comparison is multiplied by {@code sign}. */
    private static Array extreme(Array rows, int count, int width, int sign) {
        int[] best = new int[count];
        for (int row = 0; row < count; row++) {
            best[row] = row * width;
            for (int i = row * width; i < (row + 1) * width; i++) {
                if (rows.compare(i, best[row]) * sign > 0) {
                    best[row] = i;
                }
            }
        }
        return rows.take(best, Shape.of(count));
    }

    static Array cumSum(PrimitiveOp.CumSum op, Array x) {
        int[] split = Strides.split(x.shape(), op.axis());
        int size = split[1];
        int inner = split[2];
        Array out = x.zeros(x.shape());
        int step = op.reverse() ? -inner : inner;
        for (int column = 0; column < split[0] * inner; column++) {
            int start = column / inner * size * inner + column % inner;
            int at = op.reverse() ? start + (size - 1) * inner : start;
            for (int i = 0; i < size; i++, at += step) {
                if (i > 0) {
                    out.add(at, out, at - step);
                    if (op.exclusive()) {
                        out.add(at, x, at - step);
                    }
                }
                if (!op.exclusive()) {
                    out.add(at, x, at);
                }
            }
        }
        return out;
    }

    /** Values and indices. */
    static List<Array> topK(PrimitiveOp.TopK op, Array x, Shape out) {
        int[] split = Strides.split(x.shape(), op.axis());
        int size = split[1];
        int inner = split[2];
        if (op.k() > size) {
            throw new IllegalArgumentException(
                    "k = %d is above the size %d of dimension %d".formatted(op.k(), size, op.axis()));
        }
        Longs indices = new Longs(out);
        int[] offsets = new int[indices.data.length];
        for (int column = 0; column < split[0] * inner; column++) {
            int start = column / inner * size * inner + column % inner;
            int to = column / inner * op.k() * inner + column % inner;
            // The sort is stable: of equal entries the lower index stays first.
            int[] order = IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.comparing((Integer i) -> start + i * inner, (i, j) -> x.compare(j, i)))
                    .mapToInt(i -> i)
                    .toArray();
            for (int i = 0; i < op.k(); i++) {
                indices.data[to + i * inner] = order[i];
                offsets[to + i * inner] = start + order[i] * inner;
            }
        }
        return List.of(x.take(offsets, out), indices);
    }
}
