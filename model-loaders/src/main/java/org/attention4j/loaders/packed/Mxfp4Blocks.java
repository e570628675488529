package org.attention4j.loaders.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.TensorContents;

/**
 * Blocks of {@link DType#MXFP4}, which have the scale before the nibbles and in byte j elements j and j + 16, out of nibbles of
 * elements 2j and 2j + 1 and scales apart.
 */
record Mxfp4Blocks(MemorySegment nibbles, MemorySegment scales) implements TensorContents {
    private static final int HALF = 8;

    @Override
    public void read(long offset, MemorySegment target) {
        int blockBytes = DType.MXFP4.blockBytes();
        long block = offset / blockBytes;
        for (long at = 0; at < target.byteSize(); at += blockBytes) {
            target.set(ValueLayout.JAVA_BYTE, at, scales.get(ValueLayout.JAVA_BYTE, block));
            long from = block * 2 * HALF;
            for (int j = 0; j < HALF; j++) {
                int early = nibbles.get(ValueLayout.JAVA_BYTE, from + j);
                int late = nibbles.get(ValueLayout.JAVA_BYTE, from + HALF + j);
                put(target, at + 1 + 2L * j, (early & 0xf) | (late & 0xf) << 4);
                put(target, at + 2 + 2L * j, ((early >> 4) & 0xf) | (late & 0xf0));
            }
            block++;
        }
    }

    private static void put(MemorySegment target, long at, int value) {
        target.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    @Override
    public void unload() {
        if (nibbles.isMapped()) {
            nibbles.unload();
        }
    }
}
