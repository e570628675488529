package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;

/** One piece of all blocks of a tensor, cut out chunk by chunk. */
record BlockSource(Tensor tensor, BlockPiece piece) implements ExternalDataWriter.Source {
    private static final int LARGEST_CHUNK = 1 << 20;

    /** The largest whole number of blocks' pieces that is at most a mebibyte. */
    static int chunkBytes(BlockPiece piece) {
        return LARGEST_CHUNK / piece.bytes() * piece.bytes();
    }

    /** How many bytes the pieces of all blocks take. */
    static long size(Tensor tensor, BlockPiece piece) {
        return tensor.shape().elements() / tensor.dtype().blockSize() * piece.bytes();
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long firstBlock = offset / piece.bytes();
        int count = (int) (target.byteSize() / piece.bytes());
        piece.cutter().cut(tensor.data(), firstBlock * tensor.dtype().blockBytes(), count, target, 0);
    }
}
