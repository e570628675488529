package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.attention4j.core.tensor.DType;

/** Turns the blocks of one quantised type into floats. Stateless and thread-safe. */
public abstract class BlockCodec {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DType dtype;

    BlockCodec(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * The codec of a quantised type.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    public static BlockCodec of(DType dtype) {
        return switch (dtype) {
            case Q4_0 -> Q4.INSTANCE;
            case Q8_0 -> Q8.INSTANCE;
            case Q4_K -> Q4K.INSTANCE;
            case Q6_K -> Q6K.INSTANCE;
            case F64, F32, F16, BF16, I64, I32, I8, U8, BOOL ->
                throw new IllegalArgumentException(dtype + " is not a block-quantised type");
        };
    }

    /** Decodes the block that starts at byte {@code offset} into {@code out[at …]}. */
    abstract void decodeBlock(MemorySegment blocks, long offset, float[] out, int at);

    /**
     * Decodes {@code count} elements, a multiple of the block size.
     *
     * @param blocks the blocks, one after the other
     * @param firstBlock the index of the first block to decode
     * @param out receives the values from index {@code at} on
     */
    public final void decode(MemorySegment blocks, long firstBlock, float[] out, int at, int count) {
        int blockSize = dtype.blockSize();
        if (count % blockSize != 0) {
            throw new IllegalArgumentException(
                    "%s: %d elements is not a multiple of the block size %d".formatted(dtype, count, blockSize));
        }
        for (int i = 0; i < count / blockSize; i++) {
            decodeBlock(blocks, (firstBlock + i) * dtype.blockBytes(), out, at + i * blockSize);
        }
    }

    static float f16(MemorySegment s, long offset) {
        return Float.float16ToFloat(s.get(I16, offset));
    }

    static int u8(MemorySegment s, long offset) {
        return s.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    static int i8(MemorySegment s, long offset) {
        return s.get(ValueLayout.JAVA_BYTE, offset);
    }
}
