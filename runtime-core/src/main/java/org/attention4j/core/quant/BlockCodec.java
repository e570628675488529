package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;

/**
 * How the blocks of one quantised type become numbers. In every type they are
 *
 * <pre>  w = scale·q  or  w = scale·q + offset  or  w = scale·(q − zeroPoint)</pre>
 *
 * with a whole number q of at most 8 bits for each element, and an F32 scale (and offset, or a whole zero point in the range of
 * q) for each group of consecutive elements. {@link #decode} gives w, rounded after each operation as ggml rounds; backends that compute with whole numbers take
 * the parts. Stateless and thread-safe.
 */
public abstract class BlockCodec {
    private static final int BYTES_AT_ONCE = 1 << 14;
    private static final VarHandle I16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle I32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final DType dtype;
    private final int group;
    private final int least;
    private final int most;
    private final boolean hasOffsets;

    /** A type with {@code w = scale·q} for {@code least ≤ q ≤ most}. */
    BlockCodec(DType dtype, int group, int least, int most) {
        this(dtype, group, least, most, false);
    }

    BlockCodec(DType dtype, int group, int least, int most, boolean hasOffsets) {
        this.dtype = dtype;
        this.group = group;
        this.least = least;
        this.most = most;
        this.hasOffsets = hasOffsets;
    }

    /**
     * The codec of a quantised type.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    public static BlockCodec of(DType dtype) {
        return switch (dtype) {
            case INT2_G64,
                    INT2_G128,
                    INT4_G16,
                    INT4_G32,
                    INT4_G64,
                    INT4_G128,
                    INT8_G16,
                    INT8_G32,
                    INT8_G64,
                    INT8_G128 -> new Grouped(dtype);
            case Q4_0 -> Q4.Q4_0;
            case Q4_1 -> Q4.Q4_1;
            case Q5_0 -> Q5.Q5_0;
            case Q5_1 -> Q5.Q5_1;
            case Q8_0 -> Q8.INSTANCE;
            case Q2_K -> Q2K.INSTANCE;
            case Q3_K -> Q3K.INSTANCE;
            case Q4_K -> Q4K.INSTANCE;
            case Q5_K -> Q5K.INSTANCE;
            case Q6_K -> Q6K.INSTANCE;
            case IQ4_NL -> Iq4.NL;
            case IQ4_XS -> Iq4.XS;
            case MXFP4 -> Fp4.MX;
            case NVFP4 -> Fp4.NV;
            case TQ1_0 -> Ternary.TQ1;
            case TQ2_0 -> Ternary.TQ2;
            case IQ2_XXS -> Iq2.XXS;
            case IQ2_XS -> Iq2.XS;
            case IQ2_S -> Iq2.S;
            case IQ3_XXS -> Iq3.XXS;
            case IQ3_S -> Iq3.S;
            case IQ1_S -> Iq1.S;
            case IQ1_M -> Iq1.M;
            case F64, F32, F16, BF16, I64, I32, I8, U8, BOOL ->
                throw new IllegalArgumentException(dtype + " is not a block-quantised type");
        };
    }

    /** How many consecutive elements share a scale; divides the block size. */
    public final int group() {
        return group;
    }

    /** No q is less than this; at least −128. */
    public final int least() {
        return least;
    }

    /** No q is more than this; at most 127. */
    public final int most() {
        return most;
    }

    /** Whether the type has zero points. */
    public boolean hasZeroPoints() {
        return false;
    }

    /** Whether the type has offsets. */
    public final boolean hasOffsets() {
        return hasOffsets;
    }

    /** Writes every q of the block that starts at {@code in[at]} to {@code q[to …]}. */
    public abstract void quants(byte[] in, int at, byte[] q, int to);

    /** Writes the scale of every group of the block that starts at {@code in[at]} to {@code scales[to …]}. */
    public abstract void scales(byte[] in, int at, float[] scales, int to);

    /**
     * Writes the offset of every group of the block that starts at {@code in[at]} to {@code offsets[to …]}.
     *
     * @throws IllegalStateException if the type has none
     */
    public final void offsets(byte[] in, int at, float[] offsets, int to) {
        if (!hasOffsets) {
            throw new IllegalStateException(dtype + " has no offsets");
        }
        readOffsets(in, at, offsets, to);
    }

    /** {@link #offsets} of a type that has some. */
    void readOffsets(byte[] in, int at, float[] offsets, int to) {}

    /**
     * Writes the zero point of every group of the block that starts at {@code in[at]} to {@code zeroPoints[to …]}: 0 where the
     * type has none.
     */
    public void zeroPoints(byte[] in, int at, byte[] zeroPoints, int to) {
        Arrays.fill(zeroPoints, to, to + dtype.blockSize() / group, (byte) 0);
    }

    private byte[] bytes(MemorySegment blocks, long first, int count) {
        byte[] in = new byte[count * dtype.blockBytes()];
        MemorySegment.copy(blocks, ValueLayout.JAVA_BYTE, first * dtype.blockBytes(), in, 0, in.length);
        return in;
    }

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
        int atOnce = BYTES_AT_ONCE / dtype.blockBytes();
        Block block = new Block();
        for (int done = 0; done < count / blockSize; done += atOnce) {
            int n = Math.min(atOnce, count / blockSize - done);
            byte[] in = bytes(blocks, firstBlock + done, n);
            for (int i = 0; i < n; i++) {
                block.decode(in, i * dtype.blockBytes(), out, at + (done + i) * blockSize);
            }
        }
    }

    /** Room for the parts of one block. */
    private final class Block {
        private final byte[] q = new byte[dtype.blockSize()];
        private final float[] scales = new float[dtype.blockSize() / group];
        private final float[] offsets = new float[dtype.blockSize() / group];
        private final byte[] zeroPoints = new byte[dtype.blockSize() / group];

        void decode(byte[] in, int from, float[] out, int to) {
            quants(in, from, q, 0);
            scales(in, from, scales, 0);
            if (hasOffsets) {
                offsets(in, from, offsets, 0);
            }
            zeroPoints(in, from, zeroPoints, 0);
            for (int g = 0; g < scales.length; g++) {
                for (int j = g * group; j < (g + 1) * group; j++) {
                    float w = scales[g] * (q[j] - zeroPoints[g]);
                    out[to + j] = hasOffsets ? w + offsets[g] : w;
                }
            }
        }
    }

    static float f32(byte[] in, int at) {
        return Float.intBitsToFloat((int) I32.get(in, at));
    }

    static float f16(byte[] in, int at) {
        return Float.float16ToFloat((short) I16.get(in, at));
    }

    static int u8(byte[] in, int at) {
        return in[at] & 0xff;
    }

    static int u16(byte[] in, int at) {
        return (short) I16.get(in, at) & 0xffff;
    }

    static int i32(byte[] in, int at) {
        return (int) I32.get(in, at);
    }
}
