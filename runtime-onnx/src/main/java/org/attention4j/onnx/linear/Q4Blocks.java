package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/** {@code Q4_0}: {@code f16 d; u8 qs[16]}, whose bytes hold the q of weights j and j + 16. */
final class Q4Blocks {
    static final BlockLayout LAYOUT = new BlockLayout(
            DType.Q4_0,
            4,
            32,
            new BlockPiece(16, Q4Blocks::quants),
            new BlockPiece(Float.BYTES, Q4Blocks::scales),
            Optional.empty());

    private static final int BLOCK_BYTES = 18;

    private Q4Blocks() {}

    private static void quants(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            joinNeighbours(blocks, from + (long) b * BLOCK_BYTES + 2, 16, target, to + b * 16L);
        }
    }

    /**
     * From n bytes with the q of weights j and j + n to n bytes with the q of weights 2j and 2j + 1.
     *
     * @param n even
     */
    static void joinNeighbours(MemorySegment blocks, long from, int n, MemorySegment target, long to) {
        int half = n / 2;
        for (int j = 0; j < half; j++) {
            int even = LittleEndian.u8(blocks, from + 2L * j);
            int odd = LittleEndian.u8(blocks, from + 2L * j + 1);
            LittleEndian.put(target, to + j, (even & 0xf) | (odd & 0xf) << 4);
            LittleEndian.put(target, to + half + j, even >> 4 | (odd & 0xf0));
        }
    }

    private static void scales(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            float d = LittleEndian.f16(blocks, from + (long) b * BLOCK_BYTES);
            target.set(LittleEndian.F32, to + (long) b * Float.BYTES, d);
        }
    }
}
