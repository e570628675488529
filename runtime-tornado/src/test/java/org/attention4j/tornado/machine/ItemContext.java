package org.attention4j.tornado.machine;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import uk.ac.manchester.tornado.api.KernelContext;

/** What a kernel sees of one work-item, in plain Java. */
final class ItemContext extends KernelContext {
    private final Group group;
    private int allocations;

    /** What the work-items of a group share. */
    static final class Group {
        private final CyclicBarrier barrier;
        private final List<Object> arrays = new ArrayList<>();

        Group(int items) {
            barrier = new CyclicBarrier(items);
        }

        synchronized Object array(int index, Object fresh) {
            if (index == arrays.size()) {
                arrays.add(fresh);
            }
            return arrays.get(index);
        }
    }

    ItemContext(Group group, int groupIndex, int item, int groupSize, int items) {
        this.group = group;
        set("groupIdx", groupIndex);
        set("localIdx", item);
        set("localGroupSizeX", groupSize);
        set("globalIdx", groupIndex * groupSize + item);
        set("globalGroupSizeX", items);
    }

    /** TornadoVM's own fields, which are final zeros that its compiler replaces. */
    private void set(String field, int value) {
        try {
            Field f = KernelContext.class.getField(field);
            f.setAccessible(true);
            f.set(this, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void localBarrier() {
        try {
            group.barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void globalBarrier() {
        localBarrier();
    }

    @Override
    public float[] allocateFloatLocalArray(int size) {
        return (float[]) group.array(allocations++, new float[size]);
    }

    @Override
    public int[] allocateIntLocalArray(int size) {
        return (int[]) group.array(allocations++, new int[size]);
    }
}
