package org.attention4j.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The orders in which contestants run, so that nobody always runs first, or always after the same one. */
final class Orders {
    private Orders() {}

    /**
     * The order of a round, counted from 0. Rounds come in pairs: the second has the first one's order reversed, so that what
     * changes steadily changes both alike. Each pair starts one further: ABC, CBA, BCA, ACB, CAB, BAC, and again.
     */
    static <T> List<T> of(List<T> all, int round) {
        List<T> order = new ArrayList<>(all);
        Collections.rotate(order, -(round / 2 % all.size()));
        return round % 2 == 0 ? order : order.reversed();
    }
}
