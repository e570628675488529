package org.attention4j.onnx.custom;

import java.util.concurrent.atomic.AtomicLong;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.Tensor;

/** A table of blocks, of which a run reads a few rows where the file has them. */
final class RowTable {
    /** Each row that is read brings up to 64 KiB of the table into memory. */
    private static final long ROWS_KEPT = 128;

    private final Tensor table;
    private final BlockCodec codec;
    private final long rowBytes;
    private final AtomicLong rowsRead = new AtomicLong();

    RowTable(Tensor table) {
        this.table = table;
        this.codec = BlockCodec.of(table.dtype());
        this.rowBytes = columns() / table.dtype().blockSize() * table.dtype().blockBytes();
    }

    long columns() {
        return table.shape().dim(1);
    }

    /** @throws IllegalStateException if there is no such row */
    void read(long id, float[] row) {
        long rows = table.shape().dim(0);
        if (id < 0 || id >= rows) {
            throw new IllegalStateException("embedding: the id is %d, expected 0 to %d".formatted(id, rows - 1));
        }
        codec.decode(table.bytes(id * rowBytes, rowBytes), 0, row, 0, row.length);
    }

    /** Says that so many rows were read. */
    void wasRead(long rows) {
        if (rowsRead.addAndGet(rows) >= ROWS_KEPT) {
            rowsRead.set(0);
            table.unload();
        }
    }
}
