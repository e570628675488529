package org.attention4j.core.reference;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.Shape;

/** Products of matrices, large ones in several threads. */
final class MatMul {
    /** Below this many multiplications, handing work to other threads costs more than it saves. */
    private static final long PARALLEL_FROM = 1 << 17;

    private final Doubles a;
    private final Doubles b;
    private final Doubles out;
    private final int rows;
    private final int inner;
    private final int columns;
    private final int[] aMatrices;
    private final int[] bMatrices;

    private MatMul(Doubles a, Doubles b, Shape shape) {
        this.a = a;
        this.b = b;
        this.out = new Doubles(shape);
        this.rows = (int) shape.dim(-2);
        this.inner = (int) a.shape().dim(-1);
        this.columns = (int) shape.dim(-1);
        Shape batch = leading(shape);
        this.aMatrices = Strides.offsets(batch, 0, Strides.broadcasting(leading(a.shape()), batch));
        this.bMatrices = Strides.offsets(batch, 0, Strides.broadcasting(leading(b.shape()), batch));
    }

    private static Shape leading(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
    }

    static Doubles multiply(Doubles a, Doubles b, boolean transposeB, Shape out, int threads) {
        MatMul m = new MatMul(a, b, out);
        if (transposeB) {
            m.split(m.aMatrices.length * m.columns, threads, m::dotsWithColumn);
        } else {
            m.split(m.aMatrices.length * m.rows, threads, m::sumOfRows);
        }
        return m.out;
    }

    private interface Part {
        void compute(int index);
    }

    /** Computes parts 0 to {@code count} − 1, of about equal work, in up to {@code threads} threads. */
    private void split(int count, int threads, Part part) {
        boolean small = (long) out.data.length * inner < PARALLEL_FROM;
        int shares = small ? 1 : Math.min(threads, count);
        if (shares <= 1) {
            IntStream.range(0, count).forEach(part::compute);
            return;
        }
        IntStream.range(0, shares).parallel().forEach(s -> {
            int end = (int) ((s + 1L) * count / shares);
            for (int i = (int) ((long) s * count / shares); i < end; i++) {
                part.compute(i);
            }
        });
    }

    /** One column of one result, from a row of b that stays in the processor's cache. */
    private void dotsWithColumn(int index) {
        int matrix = index / columns;
        int column = index % columns;
        int row = aMatrices[matrix] * rows * inner;
        int other = (bMatrices[matrix] * columns + column) * inner;
        int to = matrix * rows * columns + column;
        for (int i = 0; i < rows; i++) {
            out.data[to + i * columns] = dot(row + i * inner, other);
        }
    }

    /** Four sums side by side, for the processor to overlap. */
    private double dot(int i, int j) {
        double[] x = a.data;
        double[] y = b.data;
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < inner; k += 4) {
            s0 += x[i + k] * y[j + k];
            s1 += x[i + k + 1] * y[j + k + 1];
            s2 += x[i + k + 2] * y[j + k + 2];
            s3 += x[i + k + 3] * y[j + k + 3];
        }
        for (; k < inner; k++) {
            s0 += x[i + k] * y[j + k];
        }
        return s0 + s1 + s2 + s3;
    }

    /** One row of one result: the rows of b, weighted by a row of a. */
    private void sumOfRows(int index) {
        int matrix = index / rows;
        int from = (aMatrices[matrix] * rows + index % rows) * inner;
        int other = bMatrices[matrix] * inner * columns;
        int to = index * columns;
        for (int k = 0; k < inner; k++) {
            double weight = a.data[from + k];
            int row = other + k * columns;
            for (int j = 0; j < columns; j++) {
                out.data[to + j] += weight * b.data[row + j];
            }
        }
    }
}
