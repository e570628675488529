package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** NumPy's broadcasting rule over dims that may be symbolic. */
final class Broadcasting {
    private Broadcasting() {}

    /** The dims to which both broadcast: aligned at the last one, equal, or one of them 1. */
    static List<Dim> broadcast(String op, List<Dim> a, List<Dim> b) {
        List<Dim> out = new ArrayList<>();
        for (int i = 1; i <= Math.max(a.size(), b.size()); i++) {
            Dim x = i <= a.size() ? a.get(a.size() - i) : Dim.of(1);
            Dim y = i <= b.size() ? b.get(b.size() - i) : Dim.of(1);
            if (x.equals(y) || isOne(y)) {
                out.add(x);
            } else if (isOne(x)) {
                out.add(y);
            } else {
                throw new IllegalArgumentException(
                        "%s: dims %s and %s can't be broadcast: %s against %s".formatted(op, a, b, x, y));
            }
        }
        Collections.reverse(out);
        return ImmutableList.copyOf(out);
    }

    private static boolean isOne(Dim d) {
        return d instanceof Dim.Fixed(long size) && size == 1;
    }
}
