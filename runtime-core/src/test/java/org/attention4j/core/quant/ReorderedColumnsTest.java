package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReorderedColumnsTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 64;

    private final Tensor blocks = blocks();
    private final ImmutableIntArray order = order();
    private final Tensor matrix = Tensor.of(DType.F32, Shape.of(ROWS, COLUMNS), new ReorderedColumns(blocks, order));

    private static Tensor blocks() {
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 37) % 255 - 127;
        }
        Tensor blocks = Tensor.zeros(DType.Q8_0, Shape.of(ROWS, COLUMNS));
        BlockEncoder.Q8_0.encode(values, 0, values.length, blocks.data(), 0);
        return blocks;
    }

    private static ImmutableIntArray order() {
        int[] order = new int[COLUMNS];
        Arrays.setAll(order, i -> (i * 5 + 3) % COLUMNS);
        return ImmutableIntArray.copyOf(order);
    }

    @Test
    void readsAsTheMatrixInItsOwnOrder() {
        float[] stored = blocks.toFloatArray();
        float[] expected = new float[stored.length];
        for (int i = 0; i < stored.length; i++) {
            expected[i / COLUMNS * COLUMNS + order.get(i % COLUMNS)] = stored[i];
        }
        assertArrayEquals(expected, matrix.toFloatArray());
        // A piece that begins and ends inside rows.
        int first = 50;
        int count = 90;
        Tensor piece = Tensor.of(DType.F32, Shape.of(count), matrix.bytes(first * 4L, count * 4L));
        assertArrayEquals(Arrays.copyOfRange(expected, first, first + count), piece.toFloatArray());
    }

    @Test
    void rowsKeepTheirBlocks() {
        Tensor rows = matrix.rows(1, 2);
        ReorderedColumns contents =
                assertInstanceOf(ReorderedColumns.class, rows.contents().orElseThrow());
        assertEquals(Shape.of(2, COLUMNS), contents.blocks().shape());
        assertEquals(order, contents.order());
        float[] all = matrix.toFloatArray();
        assertArrayEquals(Arrays.copyOfRange(all, COLUMNS, all.length), rows.toFloatArray());
    }

    @Test
    void aPartOfAnotherShapeIsJustNumbers() {
        Tensor halves = matrix.reshape(Shape.of(2 * ROWS, COLUMNS / 2)).rows(1, 1);
        float[] all = matrix.toFloatArray();
        assertArrayEquals(Arrays.copyOfRange(all, COLUMNS / 2, COLUMNS), halves.toFloatArray());
    }
}
