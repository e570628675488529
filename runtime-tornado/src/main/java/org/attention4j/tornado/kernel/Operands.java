package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Addresses of operands in kernels that know their dims: inlined into them. */
public final class Operands {
    private Operands() {}

    /** Where the operand that stands at {@code at} begins. */
    static int begin(IntArray cursor, IntArray ints, int at) {
        return ints.get(at)
                + cursor.get(ints.get(at + 1))
                + cursor.get(Rows.LOOP) * ints.get(at + 2)
                + cursor.get(Rows.LOOP + 1) * ints.get(at + 3);
    }

    /** Where a line of the operand that stands at {@code at} begins. */
    static int ofLine(IntArray cursor, IntArray ints, int at, int line) {
        return begin(cursor, ints, at) + line * stride(ints, at, 0);
    }

    /** Dimension {@code d}'s stride of the operand that stands at {@code at}. */
    static int stride(IntArray ints, int at, int d) {
        return ints.get(at + Rows.STRIDES + d);
    }

    /** The operand's offset of entry {@code index}, counted row-major in the {@code rank} dims that stand at {@code dims}. */
    static int offset(IntArray ints, int at, int dims, int rank, int index) {
        int rest = index;
        int offset = 0;
        for (int d = rank - 1; d >= 0; d--) {
            int size = ints.get(dims + d);
            offset += rest % size * ints.get(at + Rows.STRIDES + d);
            rest = rest / size;
        }
        return offset;
    }
}
