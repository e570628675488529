package org.attention4j.onnx.linear;

import java.util.Optional;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;

/**
 * What the blocks of a quantised type are made of, for operators that compute {@code w = scale·(u − 2^(bits − 1))} with unsigned
 * u. Every weight keeps its value: types whose numbers have more than four bits, or are in a table, take eight.
 *
 * @param dtype the quantised type
 * @param bits of one u, 4 or 8
 * @param group how many consecutive weights share a scale
 * @param quants u, packed as the operators want them: of two in a byte, the first one has the low bits
 * @param scales F32, one for each group
 * @param offsets F32, one for each group, if the type has them: to be added to each weight of the group
 */
record BlockLayout(
        DType dtype, int bits, int group, BlockPiece quants, BlockPiece scales, Optional<BlockPiece> offsets) {
    /**
     * The layout for products. Where the type has offsets, half of the range of its numbers is moved to them, so that those in
     * the first product are as small as can be, and with them what rounding of its other factor costs.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    static BlockLayout of(DType dtype) {
        BlockCodec codec = BlockCodec.of(dtype);
        int zero = codec.hasOffsets() ? (codec.most() + 1) / 2 : 0;
        return new BlockPieces(dtype, codec, zero).layout();
    }

    /**
     * The layout for rows of tables, whose arithmetic is that of the type's definition, bit for bit.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    static BlockLayout ofRows(DType dtype) {
        return new BlockPieces(dtype, BlockCodec.of(dtype), 0).layout();
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
