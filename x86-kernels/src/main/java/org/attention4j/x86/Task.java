package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Mem;

/** What a kernel is called with: a record of 64-bit numbers and addresses, at offsets that its code knows. */
enum Task {
    /** The integers of the weights and the bytes of a panel's. */
    QUANTS(0),
    PANEL_BYTES(1),
    /** The scales of the weights and the bytes of a panel's. */
    SCALES(2),
    PANEL_SCALE_BYTES(3),
    /** Blocks of 32 columns. */
    BLOCKS(4),
    /** Where the rounded activations lie, and the bytes of a group of tokens. */
    ACTIVATIONS(5),
    GROUP_BYTES(6),
    /** F32[tokens, columns]. */
    X(7),
    X_ROW_BYTES(8),
    /** F32[tokens, rows]. */
    Y(9),
    Y_ROW_BYTES(10),
    TOKENS(11),
    PANELS(12),
    /** How many panels, or tokens, one call computes. */
    SHARE(13),
    /** Which of the last panel's rows there are. */
    LAST_MASK(14),
    /** Memory of one call's own, and how much. */
    SCRATCH(15),
    SCRATCH_BYTES(16),
    /** Two 32-bit constants. */
    CONSTANTS(17);

    private final int index;

    Task(int index) {
        this.index = index;
    }

    /** Of a record. */
    static long bytes() {
        return (CONSTANTS.index + 1L) * Long.BYTES;
    }

    /** Its address, with the record's in {@code base}. */
    Mem in(Gpr base) {
        return Mem.at(base, index * Long.BYTES);
    }

    void set(MemorySegment task, long value) {
        task.set(JAVA_LONG, (long) index * Long.BYTES, value);
    }

    static void constants(MemorySegment task, int first, int second) {
        task.set(JAVA_INT, (long) CONSTANTS.index * Long.BYTES, first);
        task.set(JAVA_INT, (long) CONSTANTS.index * Long.BYTES + Integer.BYTES, second);
    }
}
