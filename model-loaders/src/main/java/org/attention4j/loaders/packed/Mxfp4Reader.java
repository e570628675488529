package org.attention4j.loaders.packed;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorInfo;

/** Reads weights of 4-bit floats: {@code name_blocks U8[…, blocks, 16]} and {@code name_scales U8[…, blocks]}. */
record Mxfp4Reader(TensorParts parts) {
    private static final String BLOCKS = "_blocks";
    private static final int BLOCK_SIZE = 32;

    /** The weight that {@code name} has the blocks of, if it has. */
    Optional<PackedTensor> read(String name) {
        if (!name.endsWith(BLOCKS)) {
            return Optional.empty();
        }
        String base = name.substring(0, name.length() - BLOCKS.length());
        int rank = parts.find(name).orElseThrow().shape().rank();
        TensorInfo blocks = parts.get(name, Math.max(3, rank), "U8", t -> t == DType.U8);
        TensorInfo scales = parts.get(base + "_scales", blocks.shape().rank() - 1, "U8", t -> t == DType.U8);
        long[] dims = scales.shape().dims();
        long[] packed = blocks.shape().dims();
        System.arraycopy(dims, 0, packed, 0, dims.length);
        packed[dims.length] = BLOCK_SIZE / 2;
        parts.requireDims(blocks, "for blocks of 32 with these scales", packed);
        dims[dims.length - 1] *= BLOCK_SIZE;
        Shape shape = Shape.of(dims);
        TensorInfo info =
                new TensorInfo(base, "MXFP4", Optional.of(DType.MXFP4), shape, blocks.bytes() + scales.bytes());
        return Optional.of(new PackedTensor(
                info,
                ImmutableSet.of(blocks.name(), scales.name()),
                () -> Tensor.of(
                        DType.MXFP4,
                        shape,
                        new Mxfp4Blocks(
                                parts.tensor(blocks).data(),
                                parts.tensor(scales).data()))));
    }
}
