package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransposedContentsTest {
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void exchangesTheLastTwoDimensions(DType dtype) {
        int columns = 5;
        int rows = 7;
        Tensor source = RandomTensors.of(dtype, 3, Shape.of(2, columns, rows));
        Tensor transposed = TensorViews.transpose("t", source);
        assertEquals(Shape.of(2, rows, columns), transposed.shape());
        float[] expected = new float[2 * rows * columns];
        for (int i = 0; i < expected.length; i++) {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            expected[i] = (float) source.getDouble((long) (matrix * columns + i % columns) * rows + row);
        }
        assertArrayEquals(expected, transposed.toFloatArray());
        int size = dtype.blockBytes();
        for (int first = 0; first < expected.length; first += 3) {
            for (int count = 1; first + count <= expected.length; count += 4) {
                Tensor piece =
                        Tensor.of(dtype, Shape.of(count), transposed.bytes((long) first * size, (long) count * size));
                assertArrayEquals(Arrays.copyOfRange(expected, first, first + count), piece.toFloatArray());
            }
        }
    }
}
