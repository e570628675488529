package org.attention4j.tornado.program;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Regions;

/** Hands out a program's temporary memory. */
final class Scratch {
    /** Memory is used again only after so much else was freed: launches that share none can join. */
    private static final int KEPT_UNUSED = 12;

    private final Regions floats = new Regions(0, Integer.MAX_VALUE);
    private final Regions ints = new Regions(0, Integer.MAX_VALUE);
    private final Deque<Buffer> unused = new ArrayDeque<>();

    /** Empty if there is no room. */
    Optional<Buffer> allocate(boolean isFloat, int elements) {
        return (isFloat ? floats : ints)
                .allocate(elements).stream()
                        .mapToObj(offset -> isFloat
                                ? new Buffer(Bank.FLOATS, Rows.SCRATCH, offset, elements)
                                : new Buffer(Bank.INTS, Rows.SCRATCH + 1, offset, elements))
                        .findFirst();
    }

    /** Frees the memory if it is temporary and nobody refers to it. */
    void freeUnused(Buffer buffer) {
        if (buffer.references == 0 && !buffer.freed && buffer.base >= Rows.SCRATCH) {
            buffer.freed = true;
            unused.add(buffer);
            if (unused.size() > KEPT_UNUSED) {
                Buffer oldest = unused.remove();
                (oldest.isFloat() ? floats : ints).free(oldest.offset);
            }
        }
    }

    /** The elements of a bank that were ever taken at once. */
    int peak(Bank bank) {
        return (bank == Bank.FLOATS ? floats : ints).peak();
    }
}
