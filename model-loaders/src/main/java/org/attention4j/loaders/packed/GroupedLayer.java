package org.attention4j.loaders.packed;

import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * One layer of GPTQ, AWQ or ONNX Runtime.
 *
 * @param codes its integers
 * @param bits of each
 * @param scales of its groups
 * @param order its inputs by group
 */
record GroupedLayer(Codes codes, int bits, GroupScales scales, InputOrder order) {
    long numOutputs() {
        return scales.numOutputs();
    }

    int numInputs() {
        return order.inputs().length();
    }

    float scale(int group, long output) {
        return scales.get(group, output);
    }

    /**
     * The weight {@code [outputs, inputs]}: in blocks where its groups and zero points fit those, in F32 with its columns in
     * blocks in another order, or else in F32.
     */
    Tensor weight() {
        Shape shape = Shape.of(numOutputs(), numInputs());
        Optional<DType> dtype = dtype();
        if (dtype.isEmpty()) {
            return Tensor.of(DType.F32, shape, new DequantizedRows(this));
        }
        Tensor blocks = Tensor.of(dtype.get(), shape, new GroupBlocks(dtype.get(), this));
        return order.isIdentity() ? blocks : Tensor.of(DType.F32, shape, new ReorderedColumns(blocks, order.inputs()));
    }

    /** The type of blocks with the fewest bits that has room for all q and z. */
    private Optional<DType> dtype() {
        OptionalInt mostZ = mostZeroPoint();
        return mostZ.isEmpty()
                ? Optional.empty()
                : GroupBlocks.types(order.blockSize())
                        .filter(t -> GroupBlocks.bits(t) >= bits && mostZ.getAsInt() < 1 << GroupBlocks.bits(t))
                        .findFirst();
    }

    /** The largest zero point; empty if one is no whole number from 0 on. */
    private OptionalInt mostZeroPoint() {
        int most = 0;
        for (int g = 0; g < scales.numGroups(); g++) {
            for (long o = 0; o < numOutputs(); o++) {
                int z = codes.zeroPoint(g, o);
                if (z < 0 || z != codes.exactZeroPoint(g, o)) {
                    return OptionalInt.empty();
                }
                most = Math.max(most, z);
            }
        }
        return OptionalInt.of(most);
    }
}
