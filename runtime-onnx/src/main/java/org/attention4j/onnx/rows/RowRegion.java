package org.attention4j.onnx.rows;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.attention4j.onnx.emit.LoweringContext;

/** Units that shall be one function of rows, by their places in the graph. */
final class RowRegion {
    private final RowShape shape;
    private final TreeMap<Integer, RowUnit> units = new TreeMap<>();

    RowRegion(RowShape shape) {
        this.shape = shape;
    }

    RowShape shape() {
        return shape;
    }

    Set<Integer> places() {
        return units.keySet();
    }

    Collection<RowUnit> units() {
        return units.values();
    }

    void add(int place, RowUnit unit) {
        units.put(place, unit);
    }

    void addAll(RowRegion other) {
        units.putAll(other.units);
    }

    /** How many nodes it is instead of, at least. */
    long nodes() {
        return units.values().stream().filter(u -> !u.isReshape()).count();
    }

    /** What it would be with all units of others. */
    RowRegion with(List<RowRegion> others) {
        RowRegion all = new RowRegion(shape);
        all.addAll(this);
        others.forEach(all::addAll);
        return all;
    }

    /** The function; nothing is left out of it if {@link RowTranslation#add} takes all units. */
    boolean translate(RowTranslation translation) {
        return units.values().stream().allMatch(translation::add);
    }

    /** Whether there is a function of all units. */
    boolean isFunction(LoweringContext context) {
        RowTranslation translation = new RowTranslation(shape, context);
        return translate(translation)
                && translation
                        .finish(List.of(lastComputed().op().outputs().getFirst()))
                        .isPresent();
    }

    private RowUnit lastComputed() {
        return units.descendingMap().values().stream()
                .filter(u -> !u.isReshape())
                .findFirst()
                .orElse(units.lastEntry().getValue());
    }

    /** The places of the ops. */
    Set<Integer> copyOfPlaces() {
        return new HashSet<>(units.keySet());
    }
}
