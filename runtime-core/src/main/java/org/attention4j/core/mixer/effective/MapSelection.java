package org.attention4j.core.mixer.effective;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whose maps are wanted.
 *
 * @param layers numbers of layers, from 0; empty: all
 * @param heads numbers of heads, from 0; empty: all
 */
public record MapSelection(Optional<ImmutableSortedSet<Integer>> layers, Optional<ImmutableSortedSet<Integer>> heads) {
    /** All heads of all layers. */
    public static final MapSelection ALL = new MapSelection(Optional.empty(), Optional.empty());

    /** The same with these layers only. */
    public MapSelection withLayers(Set<Integer> numbers) {
        return new MapSelection(Optional.of(ImmutableSortedSet.copyOf(numbers)), heads);
    }

    /** The same with these heads only. */
    public MapSelection withHeads(Set<Integer> numbers) {
        return new MapSelection(layers, Optional.of(ImmutableSortedSet.copyOf(numbers)));
    }

    boolean hasLayer(int layer) {
        return layers.isEmpty() || layers.get().contains(layer);
    }

    boolean hasHead(int head) {
        return heads.isEmpty() || heads.get().contains(head);
    }
}
