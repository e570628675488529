package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.BlockFormat;
import org.attention4j.x86.Processor;
import org.attention4j.x86.RowExpansion;

/** A table of blocks, of which a run reads a few rows where the file has them. */
final class RowTable {
    /** Each row that is read brings up to 64 KiB of the table into memory: this is 32 MiB. */
    private static final long ROWS_KEPT = 512;

    private final Tensor table;
    private final BlockCodec codec;
    private final Optional<RowExpansion> expansion;
    private final long rowBytes;
    private final AtomicLong rowsRead = new AtomicLong();

    RowTable(Tensor table) {
        this.table = table;
        this.codec = BlockCodec.of(table.dtype());
        this.expansion = BlockFormat.of(table.dtype())
                .filter(f -> Processor.current().missing().isEmpty())
                .map(RowExpansion::of);
        this.rowBytes = columns() / table.dtype().blockSize() * table.dtype().blockBytes();
    }

    long columns() {
        return table.shape().dim(1);
    }

    /**
     * Expands a row.
     *
     * @param to {@code F32[columns]}
     * @throws IllegalStateException if there is no such row
     */
    void read(long id, MemorySegment to) {
        long rows = table.shape().dim(0);
        if (id < 0 || id >= rows) {
            throw new IllegalStateException("embedding: the id is %d, expected 0 to %d".formatted(id, rows - 1));
        }
        MemorySegment blocks = table.bytes(id * rowBytes, rowBytes);
        if (expansion.isPresent() && blocks.isNative()) {
            expansion.get().expand(blocks, columns() / BlockFormat.BLOCK, to.address());
            return;
        }
        float[] row = new float[Math.toIntExact(columns())];
        codec.decode(blocks, 0, row, 0, row.length);
        MemorySegment.copy(row, 0, to, JAVA_FLOAT, 0, row.length);
    }

    /** Says that so many rows were read. */
    void wasRead(long rows) {
        if (rowsRead.addAndGet(rows) >= ROWS_KEPT) {
            rowsRead.set(0);
            table.unload();
        }
    }
}
