package org.attention4j.core.linear;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    @Test
    void takesRows() {
        Tensor ids = Tensor.i64(Shape.of(1, 3), 2, 0, 2);
        Tensor table = Tensor.f32(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, OneOp.run(new Embedding(), ids, table));
    }

    @Test
    void dequantisesTheRowsItTakes() {
        Tensor table = QuantizedRows.arbitrary(DType.Q8_0, Shape.of(4, 64));
        float[] row = Arrays.copyOfRange(table.toFloatArray(), 3 * 64, 4 * 64);
        assertArrayEquals(row, OneOp.run(new Embedding(), Tensor.i64(Shape.of(1), 3), table));
    }

    @Test
    void refusesWhatDoesNotFit() {
        TensorType table = TensorType.of(DType.F32, Shape.of(3, 2));
        assertEquals(
                "embedding: input ids is I32[5], expected I64",
                OneOp.refusal(new Embedding(), TensorType.of(DType.I32, Shape.of(5)), table));
        assertEquals(
                "embedding: input table is F32[3], expected two dimensions of a float or block-quantised dtype",
                OneOp.refusal(
                        new Embedding(), TensorType.of(DType.I64, Shape.of(5)), TensorType.of(DType.F32, Shape.of(3))));
    }
}
