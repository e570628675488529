package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;

/** One piece of all blocks of a tensor, cut out chunk by chunk. */
final class BlockSource implements ExternalDataWriter.Source {
    private static final int LARGEST_CHUNK = 1 << 20;
    private static final int BLOCKS_AT_ONCE = 64;
    /** Blocks that are made when they are read are made for many rows together. */
    private static final int BLOCKS_READ = 1 << 13;

    private final Tensor tensor;
    private final BlockPiece piece;
    private final BlockPiece.Cutter cutter;
    private final int blockBytes;
    private final byte[] blocks;
    private final byte[] pieces;

    BlockSource(Tensor tensor, BlockPiece piece) {
        this.tensor = tensor;
        this.piece = piece;
        this.cutter = piece.cutters().get();
        this.blockBytes = tensor.dtype().blockBytes();
        this.blocks = new byte[BLOCKS_AT_ONCE * blockBytes];
        this.pieces = new byte[BLOCKS_AT_ONCE * piece.bytes()];
    }

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
        long first = offset / piece.bytes();
        long count = target.byteSize() / piece.bytes();
        for (long done = 0; done < count; done += BLOCKS_READ) {
            long n = Math.min(BLOCKS_READ, count - done);
            MemorySegment read = tensor.bytes((first + done) * blockBytes, n * blockBytes);
            cut(read, n, target.asSlice(done * piece.bytes(), n * piece.bytes()));
        }
    }

    private void cut(MemorySegment read, long count, MemorySegment target) {
        for (long done = 0; done < count; done += BLOCKS_AT_ONCE) {
            int n = (int) Math.min(BLOCKS_AT_ONCE, count - done);
            MemorySegment.copy(read, ValueLayout.JAVA_BYTE, done * blockBytes, blocks, 0, n * blockBytes);
            for (int i = 0; i < n; i++) {
                cutter.cut(blocks, i * blockBytes, pieces, i * piece.bytes());
            }
            MemorySegment.copy(pieces, 0, target, ValueLayout.JAVA_BYTE, done * piece.bytes(), n * piece.bytes());
        }
    }
}
