package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
    /** How many panels, or groups of tokens, one call computes. */
    SHARE(13),
    /** Which of the last panel's rows there are. */
    LAST_MASK(14),
    /** Memory of one call's own, and how much. */
    OWN(15),
    OWN_BYTES(16),
    /** What tiles look like, {@link TileProduct#CONFIGURATION_BYTES} bytes. */
    TILES(17);

    private final int index;

    Task(int index) {
        this.index = index;
    }

    /** Of a record. */
    static long bytes() {
        return (long) TILES.index * Long.BYTES + TileProduct.CONFIGURATION_BYTES;
    }

    /** Its address, with the record's in {@code base}. */
    Mem in(Gpr base) {
        return Mem.at(base, index * Long.BYTES);
    }

    void set(MemorySegment task, long value) {
        task.set(JAVA_LONG, (long) index * Long.BYTES, value);
    }

    static void tiles(MemorySegment task) {
        byte[] tiles = TileProduct.configuration();
        MemorySegment.copy(tiles, 0, task, JAVA_BYTE, (long) TILES.index * Long.BYTES, tiles.length);
    }
}
