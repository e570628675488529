package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.attention4j.core.ir.Dim;

/** What {@code Slice} takes: from version 10 on as inputs, before as attributes. */
public final class Slices {
    private Slices() {}

    /** Entries of one axis; ends and starts may be negative, counting from the end, and beyond the axis. */
    public record Range(int axis, Dim start, Dim end, long step) {}

    /** Which entries a range takes of an axis of known size. */
    public record Bounds(long first, long count) {}

    /** What a node takes of a value of {@code rank} dimensions. */
    public static List<Range> ranges(OnnxNode n, int rank) {
        boolean asInputs = n.version() >= 10;
        List<Dim> starts = asInputs ? n.sizes(1) : attribute(n, "starts");
        List<Dim> ends = asInputs ? n.sizes(2) : attribute(n, "ends");
        long[] axes = axes(n, asInputs, starts.size());
        long[] steps = asInputs && n.has(4)
                ? n.longs(4)
                : LongStream.generate(() -> 1).limit(starts.size()).toArray();
        if (ends.size() != starts.size() || axes.length != starts.size() || steps.length != starts.size()) {
            throw n.broken(
                    "%d starts, %d ends, %d axes, %d steps", starts.size(), ends.size(), axes.length, steps.length);
        }
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            if (steps[i] == 0 || steps[i] == Long.MIN_VALUE) {
                throw n.broken("step %d", steps[i]);
            }
            ranges.add(new Range(n.axis(axes[i], rank), starts.get(i), ends.get(i), steps[i]));
        }
        return ranges;
    }

    private static long[] axes(OnnxNode n, boolean asInputs, int count) {
        if (asInputs && n.has(3)) {
            return n.longs(3);
        }
        return (asInputs ? Optional.<List<Long>>empty() : n.attributes().integers("axes"))
                .map(list -> list.stream().mapToLong(Long::longValue).toArray())
                .orElseGet(() -> IntStream.range(0, count).asLongStream().toArray());
    }

    private static List<Dim> attribute(OnnxNode n, String name) {
        return n.attributes().integers(name).orElseThrow(() -> n.broken("no %s", name)).stream()
                .map(Dim::of)
                .toList();
    }

    /** The entries of an axis of {@code size}, as NumPy counts them. */
    public static Bounds bounds(long start, long end, long step, long size) {
        long from = start < 0 ? start + size : start;
        long to = end < 0 ? end + size : end;
        if (step > 0) {
            from = Math.clamp(from, 0, size);
            to = Math.clamp(to, 0, size);
            return new Bounds(from, Math.max(0, Math.ceilDiv(to - from, step)));
        }
        from = Math.clamp(from, -1, size - 1);
        to = Math.clamp(to, -1, size - 1);
        return new Bounds(from, Math.max(0, Math.ceilDiv(from - to, -step)));
    }
}
