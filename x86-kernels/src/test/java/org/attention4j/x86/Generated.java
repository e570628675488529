package org.attention4j.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Random;

/** What tests of kernels share. */
@SuppressWarnings("restricted") // Generated code is called.
final class Generated {
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final int GUARD = 16;
    private static final int GUARD_BITS = 0x7f7f7f7f;

    private Generated() {}

    /** Runs shares in an order that nothing should depend on. */
    static void backwards(long function, long task, long count) {
        for (long i = count - 1; i >= 0; i--) {
            try {
                CALL.invokeExact(MemorySegment.ofAddress(function), task, i);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    static float[] random(Random random, int size, double scale) {
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) (scale * random.nextGaussian());
        }
        return x;
    }

    /** Memory for as many results, with some behind them that nothing should write to. */
    static MemorySegment guarded(Arena arena, int size) {
        MemorySegment memory = arena.allocate(ValueLayout.JAVA_FLOAT, (long) size + GUARD);
        memory.fill((byte) GUARD_BITS);
        return memory;
    }

    /** The results. */
    static float[] read(MemorySegment guarded) {
        long size = guarded.byteSize() / Float.BYTES - GUARD;
        for (long i = size; i < size + GUARD; i++) {
            int bits = guarded.getAtIndex(ValueLayout.JAVA_INT, i);
            if (bits != GUARD_BITS) {
                throw new AssertionError("written behind the results: " + Integer.toHexString(bits));
            }
        }
        return guarded.asSlice(0, size * Float.BYTES).toArray(ValueLayout.JAVA_FLOAT);
    }
}
