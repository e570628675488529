package org.attention4j.tornado.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the elements of a job read or write of a buffer: each what the access says, or any entry of an axis at it.
 *
 * @param isWritten whether it is written
 * @param axisStride from entry to entry of the axis
 * @param axisSize its entries, or 0 if there is no axis
 */
record Touch(Buffer buffer, boolean isWritten, Access access, int axisStride, int axisSize) {
    /**
     * Where the parts of a buffer lie that lines of elements touch: line i between {@code low + i · pitch} and {@code high + i · pitch}.
     */
    private record Span(long pitch, long low, long high) {}

    /** What an expression's elements read. */
    static List<Touch> reads(Expr e) {
        List<Touch> all = new ArrayList<>();
        for (Expr node : e.nodes()) {
            switch (node) {
                case Expr.Load l -> all.add(new Touch(l.buffer(), false, l.access(), 0, 0));
                case Expr.Gathered g -> all.add(new Touch(g.buffer(), false, g.access(), g.axisStride(), g.axisSize()));
                default -> {}
            }
        }
        return all;
    }

    /**
     * Whether what one touches doesn't matter to the other, or only within a line: then lines can be done in any order.
     *
     * @param dims of this one's elements
     * @param otherDims of the other's
     * @param lines how many both are split into
     */
    boolean staysInLine(int[] dims, Touch other, int[] otherDims, long lines) {
        if (!(isWritten || other.isWritten) || !buffer.overlaps(other.buffer) || lines == 1) {
            return true;
        }
        Optional<Span> span = span(dims, lines);
        Optional<Span> otherSpan = other.span(otherDims, lines);
        if (span.isEmpty()
                || otherSpan.isEmpty()
                || access.base() != other.access.base()
                || !access.loops().equals(other.access.loops())
                || span.get().pitch != otherSpan.get().pitch) {
            return false;
        }
        long low = Math.min(span.get().low, otherSpan.get().low);
        long high = Math.max(span.get().high, otherSpan.get().high);
        return high - low < span.get().pitch;
    }

    /** Empty if lines lie at uneven steps, or backwards. */
    private Optional<Span> span(int[] dims, long lines) {
        int outer = 0;
        long before = 1;
        while (before < lines && outer < dims.length) {
            before *= dims[outer++];
        }
        if (before != lines) {
            return Optional.empty();
        }
        long pitch = 0;
        long inside = 1;
        for (int d = outer - 1; d >= 0; d--) {
            if (dims[d] == 1) {
                continue;
            }
            if (pitch == 0) {
                pitch = access.stride(d);
            } else if (access.stride(d) != pitch * inside) {
                return Optional.empty();
            }
            inside *= dims[d];
        }
        long low = access.offset() + Math.min(0, reach(axisStride, axisSize));
        long high = access.offset() + Math.max(0, reach(axisStride, axisSize));
        for (int d = outer; d < dims.length; d++) {
            low += Math.min(0, reach(access.stride(d), dims[d]));
            high += Math.max(0, reach(access.stride(d), dims[d]));
        }
        return pitch > 0 ? Optional.of(new Span(pitch, low, high)) : Optional.empty();
    }

    private static long reach(int stride, int size) {
        return (long) stride * Math.max(0, size - 1);
    }
}
