package org.attention4j.x86;

import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Mem;

/** What code of row functions is called with: these, then addresses of the inputs, then those of the outputs. */
enum RowTask implements Field {
    ROWS,
    /** How many rows one call goes through. */
    SHARE;

    /** Of a task with so many inputs and outputs. */
    static long bytes(int operands) {
        return (values().length + (long) operands) * Long.BYTES;
    }

    /** Where the address of an input or output is. */
    static int offsetOf(int operand) {
        return Math.toIntExact(bytes(operand));
    }

    static Mem operand(Gpr base, int operand) {
        return Mem.at(base, offsetOf(operand));
    }
}
