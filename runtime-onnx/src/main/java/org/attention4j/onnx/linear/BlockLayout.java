package org.attention4j.onnx.linear;

import java.util.Optional;
import org.attention4j.core.tensor.DType;

/**
 * What the blocks of a quantised type are made of, for operators that compute {@code w = scale·(q − z)} with unsigned q.
 *
 * @param dtype the quantised type
 * @param bits of one q, 4 or 8
 * @param group how many consecutive weights share a scale
 * @param quants packed as the operators want them: of two q in a byte, the first one has the low bits
 * @param scales F32, one for each group
 * @param shift where weights are {@code scale·q − min}; else z is in the middle, {@code 2^(bits − 1)}
 */
record BlockLayout(DType dtype, int bits, int group, BlockPiece quants, BlockPiece scales, Optional<Shift> shift) {
    /**
     * A whole z near {@code min/scale} for each group, and what this leaves: {@code w = scale·(q − z) + offset}. Products with
     * the offsets are small ones, so that rounding the other factor in the first product loses no more than it would with w.
     *
     * @param zeroPoints z, packed like the quants
     * @param offsets F32
     */
    record Shift(BlockPiece zeroPoints, BlockPiece offsets) {}

    /**
     * The layout of a quantised type.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    static BlockLayout of(DType dtype) {
        return switch (dtype) {
            case Q4_0 -> Q4Blocks.LAYOUT;
            case Q8_0 -> Q8Blocks.LAYOUT;
            case Q4_K -> Q4KBlocks.LAYOUT;
            case Q6_K -> Q6KBlocks.LAYOUT;
            case F64, F32, F16, BF16, I64, I32, I8, U8, BOOL ->
                throw new IllegalArgumentException(dtype + " is not a block-quantised type");
        };
    }

    /** The bytes of one group's quants. */
    long groupBytes() {
        return (long) group * bits / 8;
    }

    /** How many groups {@code columns} weights have. */
    long groups(long columns) {
        return columns / group;
    }
}
