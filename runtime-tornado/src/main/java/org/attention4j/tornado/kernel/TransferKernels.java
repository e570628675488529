package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies between the large arrays, which stay on the device, and small ones that go to and fro. The cursor holds {@code [count of
 * floats, where they begin, count of integers, where they begin]}.
 */
public final class TransferKernels {
    private TransferKernels() {}

    /** From the small arrays to the large ones. */
    public static void write(
            KernelContext context,
            IntArray cursor,
            FloatArray fewFloats,
            IntArray fewInts,
            FloatArray floats,
            IntArray ints) {
        int numFloats = cursor.get(0);
        int toFloats = cursor.get(1);
        int numInts = cursor.get(2);
        int toInts = cursor.get(3);
        for (int i = context.globalIdx; i < numFloats; i += context.globalGroupSizeX) {
            floats.set(toFloats + i, fewFloats.get(i));
        }
        for (int i = context.globalIdx; i < numInts; i += context.globalGroupSizeX) {
            ints.set(toInts + i, fewInts.get(i));
        }
    }

    /** From the large arrays to the small ones; behind the integers goes the cell of failures. */
    public static void read(
            KernelContext context,
            IntArray cursor,
            FloatArray floats,
            IntArray ints,
            FloatArray fewFloats,
            IntArray fewInts) {
        int numFloats = cursor.get(0);
        int fromFloats = cursor.get(1);
        int numInts = cursor.get(2);
        int fromInts = cursor.get(3);
        for (int i = context.globalIdx; i < numFloats; i += context.globalGroupSizeX) {
            fewFloats.set(i, floats.get(fromFloats + i));
        }
        for (int i = context.globalIdx; i < numInts; i += context.globalGroupSizeX) {
            fewInts.set(i, ints.get(fromInts + i));
        }
        if (context.globalIdx == 0) {
            fewInts.set(numInts, ints.get(Rows.FAILED));
        }
    }

    /** From a small array of bytes to a large one. The cursor: {@code [count, where they begin]}. */
    public static void writeBytes(
            KernelContext context,
            IntArray cursor,
            IntArray ints,
            FloatArray floats,
            ByteArray fewBytes,
            ByteArray bytes) {
        int count = cursor.get(0);
        int to = cursor.get(1);
        for (int i = context.globalIdx; i < count; i += context.globalGroupSizeX) {
            bytes.set(to + i, fewBytes.get(i));
        }
        // The large arrays go from graph to graph, so each has to take them.
        if (context.globalIdx == 0) {
            ints.set(Rows.FAILED + 1, ints.get(Rows.FAILED + 1));
            floats.set(Rows.FIRST_FLOAT - 1, floats.get(Rows.FIRST_FLOAT - 1));
        }
    }
}
