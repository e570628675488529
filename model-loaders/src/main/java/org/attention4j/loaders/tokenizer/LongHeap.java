package org.attention4j.loaders.tokenizer;

import java.util.Arrays;

/** A priority queue of {@code long}s, the least first. */
final class LongHeap {
    private long[] heap;
    private int size;

    LongHeap(int expected) {
        heap = new long[Math.max(expected, 4)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int at = size++;
        while (at > 0 && heap[(at - 1) / 2] > value) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = value;
    }

    /** Removes and returns the least value. */
    long poll() {
        long least = heap[0];
        long moved = heap[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= moved) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
        return least;
    }
}
