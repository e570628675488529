package org.attention4j.loaders.onnx.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;

/**
 * The windows that a convolution or a pooling looks at: of x {@code [batch, channels, size…]}, along each axis of size n, windows
 * of {@code kernel} entries that begin {@code stride} entries apart and leave out all but each {@code dilation}-th.
 */
final class Windows {
    private final OnnxNode n;
    private final List<Integer> kernel;
    private final long[] strides;
    private final long[] dilations;
    private final long[] before;
    private final long[] after;

    /** By the node's attributes. */
    Windows(OnnxNode n, List<Integer> kernel) {
        this.n = n;
        this.kernel = kernel;
        int axes = n.type(0).rank() - 2;
        if (axes < 1 || axes != kernel.size()) {
            throw n.broken("a kernel of %d axes for %s, expected two fewer than there", kernel.size(), n.type(0));
        }
        if (n.flag("ceil_mode", false)) {
            throw n.unsupported("ceil_mode is 1: its last window may lie outside");
        }
        strides = sizes("strides", axes);
        dilations = sizes("dilations", axes);
        before = new long[axes];
        after = new long[axes];
        setPads(axes);
        if (LongStream.concat(LongStream.of(before), LongStream.of(after)).anyMatch(p -> p < 0)) {
            throw n.unsupported(
                    "pads %s, expected no negative ones", n.attributes().integers("pads"));
        }
    }

    private long[] sizes(String attribute, int axes) {
        List<Long> given =
                n.attributes().integers(attribute).filter(l -> !l.isEmpty()).orElse(Collections.nCopies(axes, 1L));
        if (given.size() != axes || given.stream().anyMatch(s -> s < 1)) {
            throw n.broken("%s are %s, expected %d positive numbers", attribute, given, axes);
        }
        return given.stream().mapToLong(Long::longValue).toArray();
    }

    private void setPads(int axes) {
        String auto = n.attribute("auto_pad", "NOTSET");
        switch (auto) {
            case "NOTSET" -> {
                List<Long> pads = n.attributes()
                        .integers("pads")
                        .filter(l -> !l.isEmpty())
                        .orElse(Collections.nCopies(2 * axes, 0L));
                if (pads.size() != 2 * axes) {
                    throw n.broken("pads are %s, expected %d numbers", pads, 2 * axes);
                }
                for (int i = 0; i < axes; i++) {
                    before[i] = pads.get(i);
                    after[i] = pads.get(axes + i);
                }
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < axes; i++) {
                    long all = samePad(i);
                    long lesser = all / 2;
                    before[i] = auto.equals("SAME_UPPER") ? lesser : all - lesser;
                    after[i] = all - before[i];
                }
            }
            case "VALID" -> {}
            default -> throw n.broken("auto_pad is %s, expected NOTSET, SAME_UPPER, SAME_LOWER or VALID", auto);
        }
    }

    /** So much that there are {@code ⌈size / stride⌉} windows. */
    private long samePad(int i) {
        if (strides[i] == 1) {
            return reach(i) - 1;
        }
        long size = n.fixed(n.type(0).dim(2 + i), "the size along axis " + (2 + i));
        long count = Math.ceilDiv(size, strides[i]);
        return Math.max(0, (count - 1) * strides[i] + reach(i) - size);
    }

    /** How many entries there are from a window's first to its last. */
    private long reach(int i) {
        return (kernel.get(i) - 1L) * dilations[i] + 1;
    }

    /** Whether any window looks at entries outside. */
    boolean isPadded() {
        return LongStream.concat(LongStream.of(before), LongStream.of(after)).anyMatch(p -> p > 0);
    }

    /** x with entries of this value around it. */
    Value padded(Value x, double value) {
        Value y = x;
        for (int i = 0; i < kernel.size(); i++) {
            if (before[i] > 0 || after[i] > 0) {
                y = n.builder().pad(y, 2 + i, before[i], after[i], value);
            }
        }
        return y;
    }

    /** How many windows there are along axis {@code 2 + i} of x, which is padded. */
    Dim count(Value x, int i) {
        Dim last = x.type().dim(2 + i).plus(Dim.of(-reach(i)));
        if (last instanceof Dim.Fixed(long size) && size < 0) {
            throw n.broken(
                    "a window of %d entries, expected at most %s",
                    reach(i), x.type().dim(2 + i));
        }
        return last instanceof Dim.Fixed(long size)
                ? Dim.of(size / strides[i] + 1)
                : strides[i] == 1
                        ? last.plus(Dim.of(1))
                        : last.dividedBy(strides[i]).plus(Dim.of(1));
    }

    /** Of one window entry along each axis, x's entries in all windows: {@code [batch, channels, count…]}. */
    Value entry(Value x, int... at) {
        GraphBuilder b = n.builder();
        Value y = x;
        for (int i = 0; i < at.length; i++) {
            Value index = b.add(starts(count(x, i), i), b.scalar(DType.I64, (double) (at[i] * dilations[i])));
            y = b.gather(y, index, 2 + i);
        }
        return y;
    }

    /** All windows, {@code [batch, channels, count, kernel, count, kernel, …]}; x is padded. */
    Value all(Value x) {
        GraphBuilder b = n.builder();
        Value y = x;
        for (int i = 0; i < kernel.size(); i++) {
            Value first = b.unsqueeze(starts(count(x, i), i), 1);
            Value offsets = Elements.times(b, b.iota(Dim.of(kernel.get(i))), (double) dilations[i]);
            y = b.gather(y, b.add(first, b.unsqueeze(offsets, 0)), 2 + 2 * i);
        }
        return y;
    }

    private Value starts(Dim count, int i) {
        return Elements.times(n.builder(), n.builder().iota(count), (double) strides[i]);
    }

    /** What the entries of each window come to, {@code [batch, channels, count…]}. */
    Value reduce(ReduceKind kind, Value x) {
        int[] axes = IntStream.range(0, kernel.size()).map(i -> 3 + 2 * i).toArray();
        return n.builder().reduce(kind, all(x), false, axes);
    }

    /** The order of the axes of {@link #all} in which those of windows come before those within: of channels, kernel, count. */
    int[] kernelFirst() {
        List<Integer> order = new ArrayList<>(List.of(0, 1));
        IntStream.range(0, kernel.size()).forEach(i -> order.add(3 + 2 * i));
        IntStream.range(0, kernel.size()).forEach(i -> order.add(2 + 2 * i));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
