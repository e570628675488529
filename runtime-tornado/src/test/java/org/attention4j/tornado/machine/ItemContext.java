package org.attention4j.tornado.machine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import uk.ac.manchester.tornado.api.KernelContext;

/** What a kernel sees of one work-item after the other, in plain Java. */
class ItemContext extends KernelContext {
    // TornadoVM's own fields, which are final zeros that its compiler replaces.
    private static final MethodHandle GROUP = setter("groupIdx");
    private static final MethodHandle ITEM = setter("localIdx");
    private static final MethodHandle GROUP_SIZE = setter("localGroupSizeX");
    private static final MethodHandle INDEX = setter("globalIdx");
    private static final MethodHandle ITEMS = setter("globalGroupSizeX");

    private final int groupSize;

    ItemContext(int groupSize, int items) {
        this.groupSize = groupSize;
        set(GROUP_SIZE, groupSize);
        set(ITEMS, items);
    }

    private static MethodHandle setter(String name) {
        try {
            Field field = KernelContext.class.getField(name);
            field.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectSetter(field)
                    .asType(MethodType.methodType(void.class, KernelContext.class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void set(MethodHandle setter, int value) {
        try {
            setter.invokeExact((KernelContext) this, value);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on another work-item. */
    void become(int group, int item) {
        set(GROUP, group);
        set(ITEM, item);
        set(INDEX, group * groupSize + item);
    }

    @Override
    public void localBarrier() {
        throw new IllegalStateException("a barrier in a kernel that says that its work-items don't cooperate");
    }

    @Override
    public void globalBarrier() {
        localBarrier();
    }

    @Override
    public float[] allocateFloatLocalArray(int size) {
        throw new IllegalStateException("local memory in a kernel that says that its work-items don't cooperate");
    }

    @Override
    public int[] allocateIntLocalArray(int size) {
        throw new IllegalStateException("local memory in a kernel that says that its work-items don't cooperate");
    }

    /** One that cooperates with the others of its group. */
    static final class Cooperating extends ItemContext {
        private final WorkGroup group;
        private final int item;
        private int allocations;

        Cooperating(WorkGroup group, int item, int groupSize, int items) {
            super(groupSize, items);
            this.group = group;
            this.item = item;
        }

        @Override
        void become(int newGroup, int newItem) {
            super.become(newGroup, newItem);
            allocations = 0;
        }

        @Override
        public void localBarrier() {
            group.barrier(item);
        }

        @Override
        public void globalBarrier() {
            localBarrier();
        }

        @Override
        public float[] allocateFloatLocalArray(int size) {
            return group.floats(allocations++, size);
        }

        @Override
        public int[] allocateIntLocalArray(int size) {
            return group.ints(allocations++, size);
        }
    }
}
