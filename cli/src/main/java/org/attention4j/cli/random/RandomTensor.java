package org.attention4j.cli.random;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.attention4j.core.quant.BlockEncoder;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorData;

/**
 * A matrix of normally distributed weights, made piece by piece while it is written.
 *
 * @param seed equal seeds give equal weights, rounded to the type
 * @param scale their standard deviation
 */
record RandomTensor(DType dtype, Shape shape, long seed, double scale) implements TensorData {
    private static final int PIECE = 1 << 16;

    @Override
    public void writeTo(Sink sink) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[PIECE];
        Tensor piece = Tensor.zeros(dtype, Shape.of(PIECE));
        for (long left = shape.elements(); left > 0; left -= PIECE) {
            int n = (int) Math.min(PIECE, left);
            for (int i = 0; i < n; i++) {
                values[i] = (float) (random.nextGaussian() * scale);
            }
            sink.write(encode(values, n, piece));
        }
    }

    private MemorySegment encode(float[] values, int n, Tensor piece) {
        if (dtype.isQuantized()) {
            BlockEncoder.of(dtype).encode(values, 0, n, piece.data(), 0);
        } else {
            for (int i = 0; i < n; i++) {
                piece.setDouble(i, values[i]);
            }
        }
        return piece.data().asSlice(0, dtype.byteSize(Shape.of(n)));
    }
}
