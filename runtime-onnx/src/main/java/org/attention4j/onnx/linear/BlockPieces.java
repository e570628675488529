package org.attention4j.onnx.linear;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;

/**
 * Cuts blocks into what a {@link BlockLayout} has.
 *
 * @param zero what is taken from each q; its share of the weights is added to the offsets, if there are no zero points
 * @param bits of each number that is left, 2, 4 or 8
 */
record BlockPieces(DType dtype, BlockCodec codec, int zero, int bits) {
    private static final VarHandle F32 = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    /** With as few bits, but at least {@code leastBits}, as the type's numbers need. */
    static BlockPieces of(DType dtype, BlockCodec codec, int zero, int leastBits) {
        int bits = leastBits;
        while (codec.least() - zero < -1 << (bits - 1) || codec.most() - zero >= 1 << (bits - 1)) {
            bits *= 2;
        }
        return new BlockPieces(dtype, codec, zero, bits);
    }

    BlockLayout layout() {
        return new BlockLayout(
                dtype,
                bits,
                codec.group(),
                quants(),
                floats(() -> (block, at, out) -> codec.scales(block, at, out, 0)),
                codec.hasZeroPoints() ? Optional.of(zeroPoints()) : Optional.empty(),
                codec.hasOffsets() ? Optional.of(floats(this::offsets)) : Optional.empty());
    }

    /** What makes q unsigned. */
    private int shift() {
        return (1 << (bits - 1)) - zero;
    }

    private BlockPiece quants() {
        int size = dtype.blockSize();
        int perByte = Byte.SIZE / bits;
        return new BlockPiece(size / perByte, () -> {
            byte[] q = new byte[size];
            return (block, at, piece, to) -> {
                codec.quants(block, at, q, 0);
                for (int i = 0; i < size; i += perByte) {
                    int packed = 0;
                    for (int j = 0; j < perByte; j++) {
                        packed |= (q[i + j] + shift()) << (j * bits);
                    }
                    piece[to + i / perByte] = (byte) packed;
                }
            };
        });
    }

    private BlockPiece zeroPoints() {
        int n = dtype.blockSize() / codec.group();
        return new BlockPiece(n, () -> (block, at, piece, to) -> {
            codec.zeroPoints(block, at, piece, to);
            for (int i = to; i < to + n; i++) {
                piece[i] += (byte) shift();
            }
        });
    }

    /** Reads one number for each group of the block that begins at {@code block[at]}. */
    @FunctionalInterface
    private interface Groups {
        void read(byte[] block, int at, float[] out);
    }

    private BlockPiece floats(Supplier<Groups> readers) {
        int n = dtype.blockSize() / codec.group();
        return new BlockPiece(n * Float.BYTES, () -> {
            Groups groups = readers.get();
            float[] values = new float[n];
            return (block, at, piece, to) -> {
                groups.read(block, at, values);
                for (int g = 0; g < n; g++) {
                    F32.set(piece, to + g * Float.BYTES, values[g]);
                }
            };
        });
    }

    private Groups offsets() {
        float[] scales = new float[dtype.blockSize() / codec.group()];
        return (block, at, out) -> {
            codec.offsets(block, at, out, 0);
            codec.scales(block, at, scales, 0);
            for (int g = 0; g < out.length && zero != 0; g++) {
                out[g] += scales[g] * zero;
            }
        };
    }
}
