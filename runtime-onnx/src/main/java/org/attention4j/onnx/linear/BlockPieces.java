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
 * @param zero what is taken from each q; its share of the weights is added to the offsets
 */
record BlockPieces(DType dtype, BlockCodec codec, int zero) {
    private static final VarHandle F32 = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    BlockLayout layout() {
        boolean isNarrow = codec.least() - zero >= -8 && codec.most() - zero < 8;
        return new BlockLayout(
                dtype,
                isNarrow ? 4 : 8,
                codec.group(),
                isNarrow ? nibbles() : bytes(),
                floats(() -> (block, at, out) -> codec.scales(block, at, out, 0)),
                codec.hasOffsets() ? Optional.of(floats(this::offsets)) : Optional.empty());
    }

    private BlockPiece bytes() {
        int size = dtype.blockSize();
        return new BlockPiece(size, () -> (block, at, piece, to) -> {
            codec.quants(block, at, piece, to);
            for (int i = to; i < to + size; i++) {
                piece[i] += (byte) (128 - zero);
            }
        });
    }

    private BlockPiece nibbles() {
        int size = dtype.blockSize();
        return new BlockPiece(size / 2, () -> {
            byte[] q = new byte[size];
            return (block, at, piece, to) -> {
                codec.quants(block, at, q, 0);
                for (int i = 0; i < size / 2; i++) {
                    piece[to + i] = (byte) ((q[2 * i] + 8 - zero) | (q[2 * i + 1] + 8 - zero) << 4);
                }
            };
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
