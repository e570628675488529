package org.attention4j.core.reference;

import static org.attention4j.core.reference.Run.assertF32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Random;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatMulTest {
    private static final Tensor A = Tensor.f32(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private static Tensor plain(Tensor a, Tensor b) {
        return Run.all((g, in) -> List.of(g.matMul(in.get(0), in.get(1))), a, b).getFirst();
    }

    private static Tensor transposed(Tensor a, Tensor b) {
        return Run.all((g, in) -> List.of(g.matMulTransposed(in.get(0), in.get(1))), a, b)
                .getFirst();
    }

    @Test
    void products() {
        assertF32(plain(A, Tensor.f32(Shape.of(3, 2), 1, 2, 3, 4, 5, 6)), Shape.of(2, 2), 22, 28, 49, 64);
        assertF32(transposed(A, A), Shape.of(2, 2), 14, 32, 32, 77);
    }

    @Test
    void leadingDimsAreBroadcast() {
        Tensor batches = Tensor.f32(Shape.of(2, 1, 1, 2), 1, 2, 3, 4);
        Tensor matrices = Tensor.f32(Shape.of(3, 2, 1), 1, 10, 2, 20, 3, 30);
        assertF32(plain(batches, matrices), Shape.of(2, 3, 1, 1), 21, 42, 63, 43, 86, 129);
        Tensor rows = matrices.reshape(Shape.of(3, 1, 2));
        assertF32(transposed(batches, rows), Shape.of(2, 3, 1, 1), 21, 42, 63, 43, 86, 129);
    }

    @Test
    void emptyDims() {
        assertF32(plain(Tensor.f32(Shape.of(0, 3)), Tensor.f32(Shape.of(3, 2), 1, 2, 3, 4, 5, 6)), Shape.of(0, 2));
        assertF32(plain(Tensor.f32(Shape.of(2, 0)), Tensor.f32(Shape.of(0, 1))), Shape.of(2, 1), 0, 0);
        assertF32(transposed(Tensor.f32(Shape.of(2, 0)), Tensor.f32(Shape.of(1, 0))), Shape.of(2, 1), 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void anyCountOfThreadsGivesTheSame(int threads) {
        Doubles a = random(1, Shape.of(2, 37, 53));
        Doubles b = random(2, Shape.of(53, 61));
        Doubles expected = byDefinition(a, b);
        Shape shape = expected.shape();
        assertArrayEquals(expected.data, MatMul.multiply(a, b, false, shape, threads).data, 1e-12);
        Doubles columns = (Doubles) Movement.transpose(b, List.of(1, 0), Shape.of(61, 53));
        assertArrayEquals(expected.data, MatMul.multiply(a, columns, true, shape, threads).data, 1e-12);
    }

    private static Doubles random(long seed, Shape shape) {
        Doubles d = new Doubles(shape);
        Random random = new Random(seed);
        for (int i = 0; i < d.data.length; i++) {
            d.data[i] = random.nextGaussian();
        }
        return d;
    }

    private static Doubles byDefinition(Doubles a, Doubles b) {
        Doubles out = new Doubles(Shape.of(2, 37, 61));
        for (int row = 0; row < 2 * 37; row++) {
            for (int column = 0; column < 61; column++) {
                for (int k = 0; k < 53; k++) {
                    out.data[row * 61 + column] += a.data[row * 53 + k] * b.data[k * 61 + column];
                }
            }
        }
        return out;
    }
}
