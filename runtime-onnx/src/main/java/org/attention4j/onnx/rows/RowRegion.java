package org.attention4j.onnx.rows;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;

/** Units that are one function of rows, by their places in the graph. */
final class RowRegion {
    private final RowShape shape;
    private final RowTranslation translation;
    private final TreeMap<Integer, RowUnit> units = new TreeMap<>();

    RowRegion(RowShape shape, LoweringContext context) {
        this.shape = shape;
        this.translation = new RowTranslation(shape, context);
    }

    RowShape shape() {
        return shape;
    }

    Set<Integer> places() {
        return units.keySet();
    }

    int first() {
        return units.firstKey();
    }

    int last() {
        return units.lastKey();
    }

    /** How many ops are between this and another, at least. */
    int distance(RowRegion other) {
        return Math.max(first() - other.last(), other.first() - last());
    }

    Collection<RowUnit> units() {
        return units.values();
    }

    /** How many nodes it is instead of, at least. */
    long nodes() {
        return units.values().stream().filter(u -> !u.isReshape()).count();
    }

    /** Adds a unit behind all others, if they are a function with it. */
    boolean add(int place, RowUnit unit) {
        if (!translation.add(unit)) {
            return false;
        }
        units.put(place, unit);
        return true;
    }

    /** The region of the units of several, if it is a function. */
    static Optional<RowRegion> of(List<RowRegion> parts, LoweringContext context) {
        RowRegion first = parts.getFirst();
        TreeMap<Integer, RowUnit> all = new TreeMap<>();
        for (RowRegion part : parts) {
            if (!part.shape.equals(first.shape) || !part.translation.hasGroupsOf(first.translation)) {
                return Optional.empty();
            }
            all.putAll(part.units);
        }
        RowRegion together = new RowRegion(first.shape, context);
        boolean isFunction = all.entrySet().stream().allMatch(e -> together.add(e.getKey(), e.getValue()));
        return isFunction ? Optional.of(together) : Optional.empty();
    }

    /** The function that computes some of the units' results, if there is room for it. */
    Optional<RowComposite> function(List<Value> results) {
        return translation.finish(results);
    }
}
