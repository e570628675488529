package org.attention4j.tornado.program;

import org.attention4j.tornado.machine.Bank;

/** A part of a bank that holds one value; counts who still needs it. Compared by identity. */
public final class Buffer {
    final Bank bank;
    /** The place in the cursor of what the offset is relative to. */
    final int base;
    final int offset;
    /** Values that refer to it. */
    int references;
    /** Whether the memory was given back. */
    boolean freed;

    Buffer(Bank bank, int base, int offset) {
        this.bank = bank;
        this.base = base;
        this.offset = offset;
    }

    boolean isFloat() {
        return bank == Bank.FLOATS;
    }
}
