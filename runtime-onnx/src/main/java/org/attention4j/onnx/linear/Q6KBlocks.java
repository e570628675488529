package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/**
 * {@code Q6_K}: {@code u8 ql[128]; u8 qh[64]; i8 scales[16]; f16 d}. Two halves of 128 weights; in each, {@code ql} gives the low
 * four bits and {@code qh} the high two of four interleaved runs of 32. The six bits become eight, with the same middle.
 */
final class Q6KBlocks {
    static final BlockLayout LAYOUT = new BlockLayout(
            DType.Q6_K,
            8,
            16,
            new BlockPiece(256, Q6KBlocks::quants),
            new BlockPiece(16 * Float.BYTES, Q6KBlocks::scales),
            Optional.empty());

    private static final int BLOCK_BYTES = 210;
    private static final int HIGH = 128;
    private static final int SCALES = 192;
    private static final int D = 208;
    private static final int MIDDLE = 128 - 32;

    private Q6KBlocks() {}

    private static void quants(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            long in = from + (long) b * BLOCK_BYTES;
            for (int half = 0; half < 2; half++) {
                half(blocks, in + half * 64L, in + HIGH + half * 32L, target, to + b * 256L + half * 128L);
            }
        }
    }

    private static void half(MemorySegment blocks, long low, long high, MemorySegment target, long to) {
        for (int j = 0; j < 32; j++) {
            int first = LittleEndian.u8(blocks, low + j);
            int second = LittleEndian.u8(blocks, low + 32 + j);
            int upper = LittleEndian.u8(blocks, high + j);
            LittleEndian.put(target, to + j, MIDDLE + ((first & 0xf) | (upper & 3) << 4));
            LittleEndian.put(target, to + 32 + j, MIDDLE + ((second & 0xf) | (upper >> 2 & 3) << 4));
            LittleEndian.put(target, to + 64 + j, MIDDLE + (first >> 4 | (upper >> 4 & 3) << 4));
            LittleEndian.put(target, to + 96 + j, MIDDLE + (second >> 4 | (upper >> 6) << 4));
        }
    }

    private static void scales(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            long in = from + (long) b * BLOCK_BYTES;
            float d = LittleEndian.f16(blocks, in + D);
            for (int g = 0; g < 16; g++) {
                float scale = d * LittleEndian.i8(blocks, in + SCALES + g);
                target.set(LittleEndian.F32, to + (b * 16L + g) * Float.BYTES, scale);
            }
        }
    }
}
