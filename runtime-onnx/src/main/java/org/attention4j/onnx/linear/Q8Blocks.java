package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/** {@code Q8_0}: {@code f16 d; i8 qs[32]}. Signed q become unsigned ones by their highest bit. */
final class Q8Blocks {
    static final BlockLayout LAYOUT = new BlockLayout(
            DType.Q8_0,
            8,
            32,
            new BlockPiece(32, Q8Blocks::quants),
            new BlockPiece(Float.BYTES, Q8Blocks::scales),
            Optional.empty());

    private static final int BLOCK_BYTES = 34;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

    private Q8Blocks() {}

    private static void quants(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            long in = from + (long) b * BLOCK_BYTES + 2;
            long out = to + b * 32L;
            for (int j = 0; j < 32; j += Long.BYTES) {
                target.set(LittleEndian.I64, out + j, blocks.get(LittleEndian.I64, in + j) ^ HIGHEST_BITS);
            }
        }
    }

    private static void scales(MemorySegment blocks, long from, int count, MemorySegment target, long to) {
        for (int b = 0; b < count; b++) {
            float d = LittleEndian.f16(blocks, from + (long) b * BLOCK_BYTES);
            target.set(LittleEndian.F32, to + (long) b * Float.BYTES, d);
        }
    }
}
