package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Dim;

/** The dims that operators which only rename dimensions ask for. */
public final class Shapes {
    private Shapes() {}

    /** Axes: from some version on input 1, before the attribute {@code axes}. */
    public static Optional<long[]> axes(OnnxNode n, long asInputFrom) {
        if (n.version() >= asInputFrom) {
            return n.has(1) ? Optional.of(n.longs(1)) : Optional.empty();
        }
        return n.attributes()
                .integers("axes")
                .map(list -> list.stream().mapToLong(Long::longValue).toArray());
    }

    /** The dims that {@code Squeeze} leaves. */
    static List<Dim> squeezed(OnnxNode n, List<Dim> dims) {
        Optional<long[]> axes = axes(n, 13);
        Set<Integer> gone = new HashSet<>();
        for (int i = 0; axes.isEmpty() && i < dims.size(); i++) {
            if (dims.get(i).equals(Dim.of(1))) {
                gone.add(i);
            }
        }
        for (long axis : axes.orElse(new long[0])) {
            int i = n.axis(axis, dims.size());
            n.equal(dims.get(i), Dim.of(1));
            gone.add(i);
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < dims.size(); i++) {
            if (!gone.contains(i)) {
                out.add(dims.get(i));
            }
        }
        return out;
    }

    /** The dims that {@code Squeeze} leaves of an input. */
    public static List<Dim> squeezed(OnnxNode n) {
        return squeezed(n, n.type(0).dims());
    }

    /** The dims that {@code Unsqueeze} makes of an input. */
    public static List<Dim> unsqueezed(OnnxNode n) {
        List<Dim> dims = n.type(0).dims();
        boolean[] added = added(n, dims.size());
        List<Dim> out = new ArrayList<>();
        int next = 0;
        for (boolean isNew : added) {
            out.add(isNew ? Dim.of(1) : dims.get(next++));
        }
        return out;
    }

    /** Of a vector or scalar: only ones are added, so the number of elements tells the dims. */
    static long[] unsqueezed(OnnxNode n, int rank) {
        return unsqueezed(n).stream()
                .mapToLong(d -> d instanceof Dim.Fixed(long size) ? size : rank)
                .toArray();
    }

    private static boolean[] added(OnnxNode n, int rank) {
        long[] axes = axes(n, 13).orElseThrow(() -> n.broken("no axes"));
        if (axes.length > 32) {
            throw n.broken("%d axes, expected at most 32", axes.length);
        }
        boolean[] added = new boolean[rank + axes.length];
        for (long axis : axes) {
            int i = n.axis(axis, added.length);
            if (added[i]) {
                throw n.broken("axis %d is added twice", i);
            }
            added[i] = true;
        }
        return added;
    }

    /** The dims that {@code Reshape} asks for: 0 keeps one, −1 is what remains. */
    public static List<Dim> reshaped(OnnxNode n) {
        List<Dim> from = n.type(0).dims();
        List<Dim> asked = n.version() >= 5
                ? n.sizes(1)
                : n.attributes().integers("shape").orElseThrow(() -> n.broken("no shape")).stream()
                        .map(Dim::of)
                        .toList();
        boolean zeros = n.version() >= 14 && n.flag("allowzero", false);
        List<Dim> out = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < asked.size(); i++) {
            Dim d = asked.get(i);
            if (d.equals(Dim.of(0)) && !zeros) {
                if (i >= from.size()) {
                    throw n.broken("dimension %d is to be kept, of %s", i, from);
                }
                d = from.get(i);
            } else if (d.equals(Dim.of(-1))) {
                if (open >= 0) {
                    throw n.broken("two dimensions are open in %s", asked);
                }
                open = i;
                d = Dim.of(1);
            }
            if (d instanceof Dim.Fixed(long size) && size < 0) {
                throw n.broken("dimension %d is %d", i, size);
            }
            out.add(d);
        }
        Dim all = DimAlgebra.product(from);
        Dim rest = DimAlgebra.product(out);
        if (open >= 0) {
            out.set(open, remaining(n, all, rest, asked));
        } else if (!all.equals(rest)) {
            n.equal(all, rest);
        }
        return out;
    }

    private static Dim remaining(OnnxNode n, Dim all, Dim rest, List<Dim> asked) {
        if (rest.equals(Dim.of(0))) {
            return Dim.of(0);
        }
        return DimAlgebra.divide(all, rest)
                .orElseThrow(
                        () -> n.unsupported("%s elements as %s: what %s / %s is can't be told", all, asked, all, rest));
    }
}
