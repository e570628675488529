package org.attention4j.tornado.machine;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Small arrays that go to the device and come from it whole. */
final class Mail {
    final int size;
    final FloatArray floats;
    /** One longer, for the cell of failures. */
    final IntArray ints;

    Mail(int size) {
        this.size = size;
        this.floats = new FloatArray(size);
        this.ints = new IntArray(size + 1);
    }
}
