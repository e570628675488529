package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;

/** Blocks made by hand from the layouts' definitions. */
final class Blocks {
    private Blocks() {}

    static float[] decode(DType dtype, byte[] blocks) {
        float[] out = new float[blocks.length / dtype.blockBytes() * dtype.blockSize()];
        BlockCodec.of(dtype).decode(MemorySegment.ofArray(blocks), 0, out, 0, out.length);
        return out;
    }

    /** Writes an F16 number, low byte first. */
    static void putF16(byte[] block, int at, float value) {
        short bits = Float.floatToFloat16(value);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }

    static float[] filled(int n, float value) {
        float[] out = new float[n];
        Arrays.fill(out, value);
        return out;
    }
}
