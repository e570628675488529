package org.attention4j.onnx.linear;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;

/**
 * What the blocks of a quantised type are made of, for operators that compute {@code w = scale·(u − z)} with unsigned u and z,
 * which is 2^(bits − 1) where a type has no zero points. Every weight keeps its value: types whose numbers have more than four bits, or are in a table, take eight.
 *
 * @param dtype the quantised type
 * @param bits of one u, 2, 4 or 8
 * @param group how many consecutive weights share a scale
 * @param quants u, packed as the operators want them: of those in a byte, the first one has the low bits
 * @param scales F32, one for each group
 * @param zeroPoints z, one byte for each group, if the type has them
 * @param offsets F32, one for each group, if the type has them: to be added to each weight of the group
 */
record BlockLayout(
        DType dtype,
        int bits,
        int group,
        BlockPiece quants,
        BlockPiece scales,
        Optional<BlockPiece> zeroPoints,
        Optional<BlockPiece> offsets) {
    /** Of two bits, products in other groups take several, or hundreds of times as long as with twice the bits. */
    private static final ImmutableSet<Integer> GROUPS_OF_TWO_BITS = ImmutableSet.of(64, 128);

    /**
     * The layout for products. Where the type has offsets, half of the range of its numbers is moved to them, so that those in
     * the first product are as small as can be, and with them what rounding of its other factor costs.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    static BlockLayout of(DType dtype) {
        BlockCodec codec = BlockCodec.of(dtype);
        int zero = codec.hasOffsets() ? (codec.most() + 1) / 2 : middle(codec);
        int leastBits = GROUPS_OF_TWO_BITS.contains(codec.group()) ? 2 : 4;
        return BlockPieces.of(dtype, codec, zero, leastBits).layout();
    }

    /**
     * The layout for rows of tables, whose arithmetic is that of the type's definition, bit for bit.
     *
     * @throws IllegalArgumentException if {@code dtype} is a plain type
     */
    static BlockLayout ofRows(DType dtype) {
        BlockCodec codec = BlockCodec.of(dtype);
        return BlockPieces.of(dtype, codec, middle(codec), 4).layout();
    }

    /** Zero points may be taken from any number, as long as q are too; where there are none, they are 0. */
    private static int middle(BlockCodec codec) {
        return codec.hasZeroPoints() ? (codec.least() + codec.most() + 1) / 2 : 0;
    }

    /** For example {@code IQ4_XS as 8-bit numbers in groups of 32}. */
    @Override
    public String toString() {
        return "%s as %d-bit numbers in groups of %d".formatted(dtype, bits, group);
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
