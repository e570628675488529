package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Mem;

/** One of the 64-bit numbers and addresses in the record that a kernel is called with: its ordinal says which. */
interface Field {
    /** Its place among the record's. */
    int ordinal();

    /** How many bytes of the record are before it. */
    default int offset() {
        return ordinal() * Long.BYTES;
    }

    /** Its address, with the record's in {@code base}. */
    default Mem in(Gpr base) {
        return Mem.at(base, offset());
    }

    /** Memory for a record of so many bytes, or a few more. */
    static MemorySegment task(long bytes) {
        return Arena.ofAuto().allocate(Math.ceilDiv(bytes, OneRow.ALIGNMENT) * OneRow.ALIGNMENT, OneRow.ALIGNMENT);
    }

    /** Writes it to a record. */
    default void set(MemorySegment record, long value) {
        record.set(JAVA_LONG, offset(), value);
    }
}
