package org.attention4j.tornado.program;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.Optional;

/**
 * Where a value's elements lie: an affine function of their indexes, and of those of up to two loops around.
 *
 * @param base the place in the cursor of what the offset is relative to
 * @param loops the strides of the outer and the inner loop
 * @param strides one for each dimension
 */
public record Access(int base, int offset, ImmutableIntArray loops, ImmutableIntArray strides) {
    private static final ImmutableIntArray NO_LOOPS = ImmutableIntArray.of(0, 0);

    /** Row-major from an offset on. */
    public static Access dense(int base, int offset, int[] dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int d = dims.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= dims[d];
        }
        return new Access(base, offset, NO_LOOPS, ImmutableIntArray.copyOf(strides));
    }

    public int rank() {
        return strides.length();
    }

    public int stride(int d) {
        return strides.get(d);
    }

    private Access with(int newOffset, int[] newStrides) {
        return new Access(base, newOffset, loops, ImmutableIntArray.copyOf(newStrides));
    }

    public Access withStrides(int... newStrides) {
        return with(offset, newStrides);
    }

    /** Of dims {@code from}, read as if repeated to {@code to}. */
    public Access broadcast(int[] from, int[] to) {
        int[] s = new int[to.length];
        for (int d = 0; d < from.length; d++) {
            int at = to.length - from.length + d;
            s[at] = from[d] == 1 && to[at] != 1 ? 0 : stride(d);
        }
        return with(offset, s);
    }

    public Access transpose(List<Integer> order) {
        return with(offset, order.stream().mapToInt(this::stride).toArray());
    }

    public Access slice(int axis, int start, int step) {
        int[] s = strides.toArray();
        int begin = offset + start * s[axis];
        s[axis] *= step;
        return with(begin, s);
    }

    /** At entry 0 of an axis, whatever its index. */
    public Access zero(int axis) {
        int[] s = strides.toArray();
        s[axis] = 0;
        return with(offset, s);
    }

    /** Backwards along an axis. */
    public Access reverse(int axis, int size) {
        int[] s = strides.toArray();
        int begin = offset + Math.max(0, size - 1) * s[axis];
        s[axis] = -s[axis];
        return with(begin, s);
    }

    /** Without an axis; the entry is that of a loop's index. */
    public Access entryOfLoop(int axis, int depth) {
        int[] loop = loops.toArray();
        loop[depth] += stride(axis);
        return new Access(base, offset, ImmutableIntArray.copyOf(loop), strides).withoutAxis(axis);
    }

    public Access withoutAxis(int axis) {
        int[] s = new int[rank() - 1];
        for (int d = 0; d < s.length; d++) {
            s[d] = stride(d < axis ? d : d + 1);
        }
        return with(offset, s);
    }

    /** With {@code count} dims put in before {@code axis}, along which nothing changes. */
    public Access insert(int axis, int count) {
        int[] s = new int[rank() + count];
        for (int d = 0; d < rank(); d++) {
            s[d < axis ? d : d + count] = stride(d);
        }
        return with(offset, s);
    }

    /** The same elements in row-major order under other dims, if strides can say that. */
    public Optional<Access> reshape(int[] from, int[] to) {
        int[] s = new int[to.length];
        if (Held.elements(from) == 0) {
            return Optional.of(with(offset, s));
        }
        int i = 0;
        int j = 0;
        while (i < from.length || j < to.length) {
            // The smallest runs of dims on both sides that have equally many elements.
            int iEnd = i;
            int jEnd = j;
            long left = 1;
            long right = 1;
            do {
                if (left <= right && iEnd < from.length) {
                    left *= from[iEnd++];
                } else if (jEnd < to.length) {
                    right *= to[jEnd++];
                } else {
                    left *= from[iEnd++];
                }
            } while (left != right);
            if (!runs(from, i, iEnd, to, j, jEnd, s)) {
                return Optional.empty();
            }
            i = iEnd;
            j = jEnd;
        }
        return Optional.of(with(offset, s));
    }

    /** Gives strides to the dims {@code to[j … jEnd)} that are {@code from[i … iEnd)}, if these lie in steps of one size. */
    private boolean runs(int[] from, int i, int iEnd, int[] to, int j, int jEnd, int[] s) {
        int step = 0;
        long span = 0;
        for (int d = iEnd - 1; d >= i; d--) {
            if (from[d] == 1) {
                continue;
            }
            if (span == 0) {
                step = stride(d);
                span = from[d];
            } else if (stride(d) != step * span) {
                return false;
            } else {
                span *= from[d];
            }
        }
        long stride = step;
        for (int d = jEnd - 1; d >= j; d--) {
            s[d] = (int) stride;
            stride *= to[d];
        }
        return true;
    }
}
