package org.attention4j.tornado.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Work-items that wait for each other, in plain Java: each is a thread, but only one runs at a time. It runs up to a barrier, then it is
 * the next one's turn; so a barrier costs as much as a thread's wake-up, and runs are always the same.
 */
final class WorkGroup {
    private final Thread[] items;
    private final List<Object> arrays = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    /** Whose turn it is; the threads see each other's writes by it. */
    private volatile int turn;

    private boolean areEnding;

    WorkGroup(int size) {
        items = new Thread[size];
    }

    /** Lets all items do some work, which is told which item does it, and waits for them. */
    void run(IntConsumer work) {
        Arrays.setAll(items, i -> Thread.ofVirtual().unstarted(() -> perform(i, work)));
        try {
            for (Thread item : items) {
                item.start();
            }
            for (Thread item : items) {
                item.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        failures.stream().findFirst().ifPresent(e -> {
            throw new IllegalStateException(e);
        });
    }

    private void perform(int item, IntConsumer work) {
        try {
            await(item);
            work.accept(item);
            handOn(item);
        } catch (RuntimeException | Error e) {
            failures.add(e);
            for (Thread other : items) {
                LockSupport.unpark(other);
            }
        }
    }

    private void await(int item) {
        while (turn != item && failures.isEmpty()) {
            LockSupport.park(this);
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("another work-item failed");
        }
    }

    /** Returns when all items are here. */
    void barrier(int item) {
        pass(item, false);
        await(item);
    }

    /** Returns when all items have done their group's work: what they shared is gone. */
    void end(int item) {
        pass(item, true);
        await(item);
        if (item == 0) {
            arrays.clear();
        }
    }

    private void pass(int item, boolean ends) {
        if (item == 0) {
            areEnding = ends;
        } else if (areEnding != ends) {
            throw new IllegalStateException("work-item %d of %d is %s, those before it are %s"
                    .formatted(item, items.length, what(ends), what(areEnding)));
        }
        handOn(item);
    }

    private void handOn(int item) {
        int next = (item + 1) % items.length;
        turn = next;
        LockSupport.unpark(items[next]);
    }

    private static String what(boolean ends) {
        return ends ? "at the end" : "at a barrier";
    }

    /** The array that the items' {@code index}th allocation gives them; as on a device, it holds anything. */
    float[] floats(int index, int size) {
        if (index == arrays.size()) {
            float[] fresh = new float[size];
            Arrays.fill(fresh, Float.NaN);
            arrays.add(fresh);
        }
        return (float[]) arrays.get(index);
    }

    /** The same for integers. */
    int[] ints(int index, int size) {
        if (index == arrays.size()) {
            int[] fresh = new int[size];
            Arrays.fill(fresh, Integer.MIN_VALUE);
            arrays.add(fresh);
        }
        return (int[]) arrays.get(index);
    }
}
