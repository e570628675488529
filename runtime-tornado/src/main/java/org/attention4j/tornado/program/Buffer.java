package org.attention4j.tornado.program;

import org.attention4j.tornado.machine.Bank;

/** A part of a bank that holds one value; counts who still needs it. Compared by identity. */
public final class Buffer {
    final Bank bank;
    /** The place in the cursor of what the offset is relative to. */
    final int base;

    final int offset;
    final long size;
    /** Values that refer to it. */
    int references;
    /** Whether the memory was given back. */
    boolean freed;

    Buffer(Bank bank, int base, int offset, long size) {
        this.bank = bank;
        this.base = base;
        this.offset = offset;
        this.size = size;
    }

    /** Whether it holds floats. */
    public boolean isFloat() {
        return bank == Bank.FLOATS;
    }

    /** Whether both have memory in common. */
    boolean overlaps(Buffer other) {
        return bank == other.bank
                && base == other.base
                && offset < other.offset + other.size
                && other.offset < offset + size;
    }
}
