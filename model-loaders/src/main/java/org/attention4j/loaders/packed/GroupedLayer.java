package org.attention4j.loaders.packed;

import java.util.Optional;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * One layer of GPTQ or AWQ.
 *
 * @param codes its integers
 * @param bits of each
 * @param scales {@code [groups, outputs]} of a float dtype
 * @param order its inputs by group
 */
record GroupedLayer(Codes codes, int bits, Tensor scales, InputOrder order) {
    long numOutputs() {
        return scales.shape().dim(1);
    }

    int numInputs() {
        return order.inputs().length();
    }

    float scale(int group, long output) {
        return (float) scales.getDouble(group * numOutputs() + output);
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
        int mostZ = mostZeroPoint();
        return GroupBlocks.types(order.blockSize())
                .filter(t -> GroupBlocks.bits(t) >= bits && mostZ < 1 << GroupBlocks.bits(t))
                .findFirst();
    }

    private int mostZeroPoint() {
        int most = 0;
        for (int g = 0; g < scales.shape().dim(0); g++) {
            for (long o = 0; o < numOutputs(); o++) {
                most = Math.max(most, codes.zeroPoint(g, o));
            }
        }
        return most;
    }
}
