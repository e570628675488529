package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What brings the large arrays to the device. */
public final class AnchorKernel {
    private AnchorKernel() {}

    /** The same for an array of bytes. */
    public static void bytes(KernelContext context, ByteArray bytes) {
        if (context.globalIdx == 0) {
            bytes.set(0, (byte) (bytes.get(0) + 0));
        }
    }

    /** Reads and writes each of them, for TornadoVM uploads no array that a kernel doesn't read, and changes nothing. */
    public static void run(KernelContext context, IntArray ints, FloatArray floats) {
        if (context.globalIdx == 0) {
            ints.set(Rows.FAILED + 1, ints.get(Rows.FAILED + 1) + 1);
            floats.set(Rows.FIRST_FLOAT - 1, floats.get(Rows.FIRST_FLOAT - 1) + 1f);
        }
    }
}
