package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/**
 * {@code Q4_K}: {@code f16 d; f16 dmin; u8 scales[12]; u8 qs[128]}. Eight groups of 32 weights {@code d·sc·q − dmin·m} with six
 * bits each for sc and m, packed in {@code scales}; each 32 bytes of {@code qs} hold the q of two groups.
 */
final class Q4KBlocks {
    static final BlockLayout LAYOUT = new BlockLayout(
            DType.Q4_K,
            4,
            32,
            new BlockPiece(128, Q4KBlocks::quants),
            new BlockPiece(8 * Float.BYTES, Q4KBlocks::scales),
            Optional.of(new BlockLayout.Shift(
                    new BlockPiece(4, Q4KBlocks::zeroPoints), new BlockPiece(8 * Float.BYTES, Q4KBlocks::offsets))));

    private static final int BLOCK_BYTES = 144;
    private static final int SCALES = 4;
    private static final int QUANTS = 16;

    private Q4KBlocks() {}

    private static void quants(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            for (int pair = 0; pair < 4; pair++) {
                long in = from + (long) b * BLOCK_BYTES + QUANTS + pair * 32L;
                Q4Blocks.joinNeighbours(blocks, in, 32, target, to + b * 128L + pair * 32L);
            }
        }
    }

    private static void scales(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            for (int g = 0; g < 8; g++) {
                float scale = scale(blocks, from + (long) b * BLOCK_BYTES, g);
                target.set(LittleEndian.F32, to + (b * 8L + g) * Float.BYTES, scale);
            }
        }
    }

    private static void zeroPoints(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            long in = from + (long) b * BLOCK_BYTES;
            for (int g = 0; g < 8; g += 2) {
                int both = zeroPoint(blocks, in, g) | zeroPoint(blocks, in, g + 1) << 4;
                LittleEndian.put(target, to + b * 4L + g / 2, both);
            }
        }
    }

    private static void offsets(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            long in = from + (long) b * BLOCK_BYTES;
            for (int g = 0; g < 8; g++) {
                float offset = scale(blocks, in, g) * zeroPoint(blocks, in, g) - min(blocks, in, g);
                target.set(LittleEndian.F32, to + (b * 8L + g) * Float.BYTES, offset);
            }
        }
    }

    private static int zeroPoint(MemorySegment blocks, long block, int g) {
        float scale = scale(blocks, block, g);
        return scale == 0 ? 0 : Math.clamp(Math.round(min(blocks, block, g) / scale), 0, 15);
    }

    private static float scale(MemorySegment blocks, long block, int g) {
        long s = block + SCALES + g;
        int sc = g < 4
                ? LittleEndian.u8(blocks, s) & 63
                : (LittleEndian.u8(blocks, s + 4) & 0xf) | (LittleEndian.u8(blocks, s - 4) >> 6) << 4;
        return LittleEndian.f16(blocks, block) * sc;
    }

    private static float min(MemorySegment blocks, long block, int g) {
        long s = block + SCALES + g;
        int m = g < 4
                ? LittleEndian.u8(blocks, s + 4) & 63
                : LittleEndian.u8(blocks, s + 4) >> 4 | (LittleEndian.u8(blocks, s) >> 6) << 4;
        return LittleEndian.f16(blocks, block + 2) * m;
    }
}
