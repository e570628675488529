package org.attention4j.core.quant;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/**
 * An F32 matrix whose columns are stored in another order, so that those in a block fit together (GPTQ's {@code desc_act}). A
 * product {@code x·Wᵀ} with it is one with {@code blocks} of the entries of x in that order; a backend which does not know this
 * gets the matrix itself, as floats.
 *
 * @param blocks {@code [rows, columns]}, block-quantised
 * @param order column i of {@code blocks} is column {@code order[i]} of the matrix: each once
 */
public record ReorderedColumns(Tensor blocks, ImmutableIntArray order) implements TensorContents {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What {@code matrix} is made of, if it is one of these. */
    public static Optional<ReorderedColumns> of(Tensor matrix) {
        return matrix.contents()
                .filter(ReorderedColumns.class::isInstance)
                .map(ReorderedColumns.class::cast)
                .filter(r -> r.blocks.shape().equals(matrix.shape()));
    }

    @Override
    public void read(long offset, MemorySegment target) {
        int columns = order.length();
        float[] stored = new float[columns];
        float[] row = new float[columns];
        long element = offset / Float.BYTES;
        int count;
        for (long at = 0; at < target.byteSize(); at += (long) count * Float.BYTES) {
            decode(element / columns, stored);
            for (int i = 0; i < columns; i++) {
                row[order.get(i)] = stored[i];
            }
            int column = (int) (element % columns);
            count = (int) Math.min(columns - column, (target.byteSize() - at) / Float.BYTES);
            MemorySegment.copy(row, column, target, F32, at, count);
            element += count;
        }
    }

    private void decode(long row, float[] out) {
        long rowBytes = blocks.dtype().byteSize(Shape.of(out.length));
        BlockCodec.of(blocks.dtype()).decode(blocks.bytes(row * rowBytes, rowBytes), 0, out, 0, out.length);
    }

    /** Rows of the matrix are rows of the blocks. */
    @Override
    public TensorContents rows(long first, long count, long rowBytes) {
        return rowBytes == (long) order.length() * Float.BYTES
                ? new ReorderedColumns(blocks.rows(first, count), order)
                : TensorContents.super.rows(first, count, rowBytes);
    }

    @Override
    public void unload() {
        blocks.unload();
    }
}
