package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** What kernels of products are called with. */
enum Task implements Field {
    /** The integers of the weights and the bytes of a panel's. */
    QUANTS,
    PANEL_BYTES,
    /** The scales of the weights and the bytes of a panel's. */
    SCALES,
    PANEL_SCALE_BYTES,
    /** Blocks of 32 columns. */
    BLOCKS,
    /** Where the rounded activations lie, and the bytes of a group of tokens. */
    ACTIVATIONS,
    GROUP_BYTES,
    /** F32[tokens, columns]. */
    X,
    X_ROW_BYTES,
    /** F32[tokens, rows]. */
    Y,
    Y_ROW_BYTES,
    TOKENS,
    PANELS,
    /** How many panels, or groups of tokens, one call computes. */
    SHARE,
    /** Which of the last panel's rows there are. */
    LAST_MASK,
    /** Memory of one call's own, and how much. */
    OWN,
    OWN_BYTES,
    /** What tiles look like, {@link TileProduct#CONFIGURATION_BYTES} bytes. */
    TILES;

    /** Of a record. */
    static long bytes() {
        return (long) TILES.offset() + TileProduct.CONFIGURATION_BYTES;
    }

    /** Writes what products with any weights are told of them: {@code panels} of {@link PackedMatrix#PANEL} rows, one array. */
    static void weights(MemorySegment task, long rows, long columns, long quants, long panelBytes) {
        long panels = Math.ceilDiv(rows, PackedMatrix.PANEL);
        QUANTS.set(task, quants);
        PANEL_BYTES.set(task, panelBytes);
        X_ROW_BYTES.set(task, columns * Float.BYTES);
        Y_ROW_BYTES.set(task, rows * Float.BYTES);
        PANELS.set(task, panels);
        LAST_MASK.set(task, 0xffff >> (panels * PackedMatrix.PANEL - rows));
    }

    static void tiles(MemorySegment task) {
        byte[] tiles = TileProduct.configuration();
        MemorySegment.copy(tiles, 0, task, JAVA_BYTE, TILES.offset(), tiles.length);
    }
}
