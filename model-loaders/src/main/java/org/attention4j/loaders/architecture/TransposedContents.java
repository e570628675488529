package org.attention4j.loaders.architecture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/**
 * Matrices with their last two dimensions exchanged, element by element when they are read.
 *
 * @param source {@code [..., columns, rows]} of a plain type
 */
public record TransposedContents(Tensor source) implements TensorContents {
    @Override
    public void read(long offset, MemorySegment target) {
        int size = source.dtype().blockBytes();
        long rows = source.shape().dim(-1);
        long columns = source.shape().dim(-2);
        MemorySegment from = source.data();
        long first = offset / size;
        long end = first + target.byteSize() / size;
        for (long start = first; start < end; ) {
            long row = start / columns % rows;
            long matrix = start / columns / rows * columns * rows;
            // Whole rows of a matrix go together, so that the source is read along its own rows.
            boolean whole = start % columns == 0 && end - start >= columns;
            long numRows = whole ? Math.min((end - start) / columns, rows - row) : 1;
            long firstColumn = start % columns;
            long endColumn = whole ? columns : Math.min(columns, firstColumn + end - start);
            for (long c = firstColumn; c < endColumn; c++) {
                for (long r = 0; r < numRows; r++) {
                    long to = start - first + r * columns + c - firstColumn;
                    copy(from, matrix + c * rows + row + r, target, to, size);
                }
            }
            start += whole ? numRows * columns : endColumn - firstColumn;
        }
    }

    private static void copy(MemorySegment from, long element, MemorySegment target, long to, int size) {
        switch (size) {
            case Short.BYTES ->
                target.set(
                        ValueLayout.JAVA_SHORT_UNALIGNED,
                        to * size,
                        from.get(ValueLayout.JAVA_SHORT_UNALIGNED, element * size));
            case Integer.BYTES ->
                target.set(
                        ValueLayout.JAVA_INT_UNALIGNED,
                        to * size,
                        from.get(ValueLayout.JAVA_INT_UNALIGNED, element * size));
            default -> MemorySegment.copy(from, element * size, target, to * size, size);
        }
    }

    @Override
    public void unload() {
        source.unload();
    }
}
