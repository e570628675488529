package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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

    /** Writes it to a record. */
    default void set(MemorySegment record, long value) {
        record.set(JAVA_LONG, offset(), value);
    }
}
