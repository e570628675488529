package org.attention4j.core.pooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Two sequences, of three tokens and of two and padding that must not be seen. */
class PoolTest {
    private static final Tensor HIDDEN =
            Tensor.f32(Shape.of(2, 3, 2), 1, -1, 2, -5, 6, 3, 4, -8, 2, -2, 99, Float.POSITIVE_INFINITY);
    private static final Tensor LENGTHS = Tensor.i64(Shape.of(2), 3, 2);

    @Test
    void meanOfAllTokens() {
        assertArrayEquals(new float[] {3, -1, 3, -5}, pool(Pooling.MEAN), 1e-6f);
    }

    @Test
    void firstToken() {
        assertArrayEquals(new float[] {1, -1, 4, -8}, pool(Pooling.CLS));
    }

    @Test
    void lastToken() {
        assertArrayEquals(new float[] {6, 3, 2, -2}, pool(Pooling.LAST));
    }

    @Test
    void largestEntries() {
        assertArrayEquals(new float[] {6, 3, 4, -2}, pool(Pooling.MAX));
    }

    @Test
    void firstTokenThroughADenseLayer() {
        Tensor weight = Tensor.f32(Shape.of(2, 2), 0.1f, 0, 0.2f, 0.5f);
        Tensor bias = Tensor.f32(Shape.of(2), 0, 1);
        double[] expected = {Math.tanh(0.1), Math.tanh(0.2 - 0.5 + 1), Math.tanh(0.4), Math.tanh(0.8 - 4 + 1)};
        float[] actual = OneOp.run(new Pool(Pooling.POOLER), HIDDEN, LENGTHS, weight, bias);
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], actual[i], 1e-6);
        }
    }

    @Test
    void refusesLengthsOfOtherSequences() {
        assertEquals(
                "pool: input lengths is I64[3], expected I64[2]",
                OneOp.refusal(
                        new Pool(Pooling.MEAN),
                        TensorType.of(DType.F32, Shape.of(2, 3, 2)),
                        TensorType.of(DType.I64, Shape.of(3))));
    }

    private static float[] pool(Pooling kind) {
        return OneOp.run(new Pool(kind), HIDDEN, LENGTHS);
    }
}
