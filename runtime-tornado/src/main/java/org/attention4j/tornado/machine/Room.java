package org.attention4j.tornado.machine;

import org.attention4j.core.backend.BackendException;

/**
 * How much more an array can hold.
 *
 * @param regions what is in use of it
 * @param size bytes of an element
 * @param most the most elements that it may have
 * @param deviceBytes the device's memory
 * @param arrayBytes what all arrays take of it
 */
record Room(Regions regions, int size, long most, long deviceBytes, long arrayBytes) {
    /** What a new array has, if that may be. */
    private static final int FIRST = 1 << 20;

    /** Elements by which the array may become longer. */
    private long growth() {
        return Math.max(0, Math.min(most - regions.capacity(), (deviceBytes - arrayBytes) / size));
    }

    /** The most elements in one piece. */
    long mostFree() {
        long atEnd = (regions.freeAtEnd() + growth()) / Regions.ALIGNMENT * Regions.ALIGNMENT;
        return Math.max(regions.largestFree(), atEnd);
    }

    /** What an array should have so that there are {@code count} more: if it may, twice as much as now, for whoever comes next. */
    int capacityFor(long count) {
        long needed = (long) regions.capacity() - regions.freeAtEnd() + Regions.align(Math.toIntExact(count));
        long wanted = Math.min(regions.capacity() + growth(), Math.max(FIRST, 2L * regions.capacity()));
        return Math.toIntExact(Math.max(needed, wanted));
    }

    /** Says what was asked for, by whom, what there is, and what would fit. */
    BackendException shortage(String what, long count, String elements, String device) {
        return new BackendException(
                ("%s: %d %s (%d MiB) don't fit on %s, but %d would: an array has at most %d, of which %d are in use, and"
                                + " arrays take %d of the device's %d MiB")
                        .formatted(
                                what,
                                count,
                                elements,
                                mebibytes(count * size),
                                device,
                                mostFree(),
                                most,
                                regions.used(),
                                mebibytes(arrayBytes),
                                mebibytes(deviceBytes)));
    }

    static long mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1 << 20);
    }
}
