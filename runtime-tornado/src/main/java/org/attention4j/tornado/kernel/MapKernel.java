package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Elementwise programs, each run for every element of some dims. */
public final class MapKernel {
    private MapKernel() {}

    /**
     * The row is a list: {@code [programs, where the row of each begins]}. No program reads what another writes. Elements are dealt
     * out to the work-items in turn.
     */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        int items = context.globalGroupSizeX;
        int first = 0;
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int elements = ints.get(row + Interpreter.ELEMENTS);
            int count = ints.get(row + Interpreter.NUM_CODES);
            int codes = row + ints.get(row + Interpreter.CODES);
            int begin = (context.globalIdx + items - first) % items;
            for (int e = begin; e < elements; e += items) {
                Interpreter.address(cursor, ints, row, e, addresses);
                for (int i = 0; i < count; i++) {
                    int at = codes + i * Code.SIZE;
                    int code = ints.get(at);
                    int a = ints.get(at + 1);
                    int b = ints.get(at + 2);
                    if (code < Code.FIRST_FLOAT) {
                        Interpreter.move(ints, floats, row, code, a, b, ints.get(at + 3), i, addresses, f, r);
                    } else if (code < Code.FIRST_LONG) {
                        f[i] = Interpreter.unary(code, f[a]);
                    } else if (code < Code.FIRST_BINARY) {
                        f[i] = Interpreter.longer(floats, code, f[a]);
                    } else if (code < Code.FIRST_MIXED) {
                        f[i] = Interpreter.binary(code, f[a], f[b]);
                    } else {
                        Interpreter.integers(ints, row, code, a, b, ints.get(at + 3), i, f, r);
                    }
                }
            }
            first = (first + elements) % items;
        }
    }
}
