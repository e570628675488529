package org.attention4j.loaders.architecture;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/**
 * Rows of a tensor in another order, copied when they are read.
 *
 * @param rows which rows of {@code source} they are
 * @param rowBytes what one takes
 */
record PickedRows(Tensor source, ImmutableLongArray rows, long rowBytes) implements TensorContents {
    @Override
    public void read(long offset, MemorySegment target) {
        long done = 0;
        while (done < target.byteSize()) {
            long row = (offset + done) / rowBytes;
            long inRow = (offset + done) % rowBytes;
            long count = Math.min(run(row) * rowBytes - inRow, target.byteSize() - done);
            long from = rows.get((int) row) * rowBytes + inRow;
            MemorySegment.copy(source.bytes(from, count), 0, target, done, count);
            done += count;
        }
    }

    /** How many rows from this one on are neighbours in the source too; at most as many as fit an array together. */
    private long run(long row) {
        int first = (int) row;
        long most = Math.max(1, (1 << 24) / rowBytes);
        int end = first + 1;
        while (end < rows.length() && end - first < most && rows.get(end) == rows.get(end - 1) + 1) {
            end++;
        }
        return end - (long) first;
    }

    @Override
    public void unload() {
        source.unload();
    }
}
