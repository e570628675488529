package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;

/** Turns floats into the blocks of one quantised type. Stateless and thread-safe. */
public enum BlockEncoder {
    /** The largest magnitude becomes ±127; bit for bit as ggml's reference quantiser rounds. */
    Q8_0(DType.Q8_0) {
        @Override
        void encodeBlock(float[] in, int at, MemorySegment out, long offset) {
            float d = Math.abs(in[indexOfLargest(in, at)]) / 127;
            float inverse = d == 0 ? 0 : 1 / d;
            putScale(out, offset, d);
            for (int j = 0; j < 32; j++) {
                out.set(ValueLayout.JAVA_BYTE, offset + 2 + j, (byte) halfAwayFromZero(in[at + j] * inverse));
            }
        }
    },
    /**
     * The value of the largest magnitude becomes −8, so that the 16 steps reach from it to 7/8 of it on the other side; bit for
     * bit as ggml's reference quantiser rounds.
     */
    Q4_0(DType.Q4_0) {
        @Override
        void encodeBlock(float[] in, int at, MemorySegment out, long offset) {
            float d = in[indexOfLargest(in, at)] / -8;
            float inverse = d == 0 ? 0 : 1 / d;
            putScale(out, offset, d);
            for (int j = 0; j < 16; j++) {
                int low = Math.min(15, (int) (in[at + j] * inverse + 8.5f));
                int high = Math.min(15, (int) (in[at + j + 16] * inverse + 8.5f));
                out.set(ValueLayout.JAVA_BYTE, offset + 2 + j, (byte) (low | high << 4));
            }
        }
    },
    /** Sixteen steps from the smallest value to the largest one, as ggml's reference quantiser takes them. */
    Q4_1(DType.Q4_1) {
        @Override
        void encodeBlock(float[] in, int at, MemorySegment out, long offset) {
            float least = in[at];
            float most = in[at];
            for (int j = at + 1; j < at + 32; j++) {
                least = Math.min(least, in[j]);
                most = Math.max(most, in[j]);
            }
            float d = (most - least) / 15;
            float inverse = d == 0 ? 0 : 1 / d;
            putScale(out, offset, d);
            putScale(out, offset + 2, least);
            for (int j = 0; j < 16; j++) {
                int low = Math.min(15, (int) ((in[at + j] - least) * inverse + 0.5f));
                int high = Math.min(15, (int) ((in[at + j + 16] - least) * inverse + 0.5f));
                out.set(ValueLayout.JAVA_BYTE, offset + 4 + j, (byte) (low | high << 4));
            }
        }
    },
    /** Sixteen steps from the smallest value of each group of 32, or from 0, to the largest one. */
    Q4_K(DType.Q4_K) {
        @Override
        void encodeBlock(float[] in, int at, MemorySegment out, long offset) {
            byte[] block = KEncoders.q4k(in, at);
            MemorySegment.copy(block, 0, out, ValueLayout.JAVA_BYTE, offset, block.length);
        }
    },
    /** The value of the largest magnitude of each group of 16 becomes −32. */
    Q6_K(DType.Q6_K) {
        @Override
        void encodeBlock(float[] in, int at, MemorySegment out, long offset) {
            byte[] block = KEncoders.q6k(in, at);
            MemorySegment.copy(block, 0, out, ValueLayout.JAVA_BYTE, offset, block.length);
        }
    };

    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DType dtype;

    BlockEncoder(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * The encoder of a quantised type.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static BlockEncoder of(DType dtype) {
        return Arrays.stream(values())
                .filter(e -> e.dtype == dtype)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "quantise: got %s, expected one of %s".formatted(dtype, Arrays.toString(values()))));
    }

    abstract void encodeBlock(float[] in, int at, MemorySegment out, long offset);

    /**
     * Encodes {@code count} finite values, a multiple of the block size, into blocks one after the other.
     *
     * @param in holds the values from index {@code at} on
     * @param out receives the blocks
     * @param firstBlock the index of the first block to write
     */
    public final void encode(float[] in, int at, int count, MemorySegment out, long firstBlock) {
        int blockSize = dtype.blockSize();
        if (count % blockSize != 0) {
            throw new IllegalArgumentException(
                    "%s: %d elements is not a multiple of the block size %d".formatted(dtype, count, blockSize));
        }
        for (int i = 0; i < count / blockSize; i++) {
            encodeBlock(in, at + i * blockSize, out, (firstBlock + i) * dtype.blockBytes());
        }
    }

    /** The first of the 32 values from {@code at} on that has the largest magnitude. */
    private static int indexOfLargest(float[] in, int at) {
        int largest = at;
        for (int j = at + 1; j < at + 32; j++) {
            if (Math.abs(in[j]) > Math.abs(in[largest])) {
                largest = j;
            }
        }
        return largest;
    }

    private static void putScale(MemorySegment out, long offset, float d) {
        out.set(I16, offset, Float.floatToFloat16(d));
    }

    private static long halfAwayFromZero(float x) {
        long magnitude = (long) Math.floor(Math.abs((double) x) + 0.5);
        return x < 0 ? -magnitude : magnitude;
    }
}
