package org.attention4j.tornado.program;

import java.util.Arrays;
import org.attention4j.tornado.kernel.Rows;

/** The numbers of one launch, or of a whole table, as they are written. */
public final class Row {
    private int[] numbers = new int[64];
    private int size;

    int size() {
        return size;
    }

    /** Appends numbers. */
    public Row add(int... more) {
        if (size + more.length > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(2 * numbers.length, size + more.length));
        }
        System.arraycopy(more, 0, numbers, size, more.length);
        size += more.length;
        return this;
    }

    /** Dims, filled up to the most there may be. */
    public Row addDims(int[] dims) {
        return add(Arrays.copyOf(dims, Rows.MAX_RANK));
    }

    /** An operand whose dims are the access' dims. */
    public Row add(Access access) {
        return add(access, 0, 0);
    }

    public Row add(Access access, int axisStride, int axisSize) {
        if (access.rank() > Rows.MAX_RANK) {
            throw new IllegalStateException(
                    "an operand of rank %d, at most %d".formatted(access.rank(), Rows.MAX_RANK));
        }
        add(
                access.offset(),
                access.base(),
                access.loops().get(0),
                access.loops().get(1),
                axisStride,
                axisSize);
        return addDims(access.strides().toArray());
    }

    void set(int at, int value) {
        numbers[at] = value;
    }

    int[] toArray() {
        return Arrays.copyOf(numbers, size);
    }
}
