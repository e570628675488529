package org.attention4j.tornado.machine;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Which parts of an array are in use. Parts begin at multiples of {@link #ALIGNMENT}. */
public final class Regions {
    /** Elements of a cache line. */
    public static final int ALIGNMENT = 16;

    private final TreeMap<Integer, Integer> free = new TreeMap<>();
    private final Map<Integer, Integer> used = new TreeMap<>();
    private int capacity;
    private int peak;

    /** Regions of an array of {@code capacity} elements, of which the first {@code reserved} are in use for good. */
    public Regions(int reserved, int capacity) {
        this.capacity = align(reserved);
        extend(capacity);
    }

    static int align(int count) {
        return Math.ceilDiv(Math.max(count, 1), ALIGNMENT) * ALIGNMENT;
    }

    /** The elements of the array. */
    public int capacity() {
        return capacity;
    }

    /** The end of the highest part that ever was in use. */
    public int peak() {
        return peak;
    }

    /** Elements in use. */
    public int used() {
        return capacity - free.values().stream().mapToInt(n -> n).sum();
    }

    /** The most elements that nobody uses in a row. */
    public int largestFree() {
        return free.values().stream().mapToInt(n -> n).max().orElse(0);
    }

    /** The elements at the end that nobody uses. */
    public int freeAtEnd() {
        Map.Entry<Integer, Integer> last = free.lastEntry();
        return last != null && last.getKey() + last.getValue() == capacity ? last.getValue() : 0;
    }

    /** Says that the array is longer now. */
    public void extend(int newCapacity) {
        int from = capacity;
        capacity = newCapacity / ALIGNMENT * ALIGNMENT;
        if (capacity > from) {
            release(from, capacity - from);
        }
    }

    /** The offset of {@code count} elements that nobody uses; empty if there are none in a row. */
    public OptionalInt allocate(int count) {
        int size = align(count);
        Optional<Map.Entry<Integer, Integer>> part =
                free.entrySet().stream().filter(p -> p.getValue() >= size).findFirst();
        if (part.isEmpty()) {
            return OptionalInt.empty();
        }
        int offset = part.get().getKey();
        int rest = part.get().getValue() - size;
        free.remove(offset);
        if (rest > 0) {
            free.put(offset + size, rest);
        }
        used.put(offset, size);
        peak = Math.max(peak, offset + size);
        return OptionalInt.of(offset);
    }

    /** Gives back what {@link #allocate} gave. */
    public void free(int offset) {
        Integer size = used.remove(offset);
        if (size == null) {
            throw new IllegalStateException("offset %d is not in use".formatted(offset));
        }
        release(offset, size);
    }

    private void release(int offset, int size) {
        int begin = offset;
        int end = offset + size;
        Map.Entry<Integer, Integer> before = free.floorEntry(offset);
        if (before != null && before.getKey() + before.getValue() == offset) {
            begin = before.getKey();
        }
        Integer after = free.remove(end);
        if (after != null) {
            end += after;
        }
        free.put(begin, end - begin);
    }
}
