package org.attention4j.loaders.ggufmodel;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.attention4j.core.quant.BlockEncoder;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorData;

/**
 * A tensor in another type, made piece by piece while it is written.
 *
 * @param file the model, for messages
 * @param name of the tensor in the file that is written
 * @param source the numbers
 * @param dtype {@code F32}, {@code F16} or a type that {@link BlockEncoder} makes, whose blocks divide the rows
 */
record EncodedTensor(Path file, String name, Tensor source, DType dtype) implements TensorData {
    /** Elements at once: a multiple of all block sizes. */
    private static final int PIECE = 1 << 16;

    private static final float LARGEST_F16 = 65_504;

    @Override
    public void writeTo(Sink sink) throws IOException {
        Tensor out = Tensor.zeros(dtype, Shape.of(PIECE));
        long count = source.shape().elements();
        for (long at = 0; at < count; at += PIECE) {
            int n = (int) Math.min(PIECE, count - at);
            Shape piece = Shape.of(n);
            MemorySegment bytes = source.bytes(
                    source.dtype().byteSize(Shape.of(at)), source.dtype().byteSize(piece));
            if (dtype == source.dtype()) {
                sink.write(bytes);
            } else {
                encode(Tensor.of(source.dtype(), piece, bytes).toFloatArray(), at, out);
                sink.write(out.data().asSlice(0, dtype.byteSize(piece)));
            }
        }
        source.unload();
    }

    private void encode(float[] values, long at, Tensor out) {
        float most = largest();
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= most)) {
                throw new ModelFormatException(
                        file,
                        "tensor %s holds %s at %d, expected finite numbers of at most %s for the type %s"
                                .formatted(quote(name), values[i], at + i, most, dtype));
            }
        }
        if (dtype.isQuantized()) {
            BlockEncoder.of(dtype).encode(values, 0, values.length, out.data(), 0);
        } else {
            for (int i = 0; i < values.length; i++) {
                out.setDouble(i, values[i]);
            }
        }
    }

    /** Scales of blocks are {@code F16}. */
    private float largest() {
        return switch (dtype) {
            case F32 -> Float.MAX_VALUE;
            case F16 -> LARGEST_F16;
            case Q4_0 -> 8 * LARGEST_F16;
            case Q8_0 -> 127 * LARGEST_F16;
            default ->
                throw new IllegalArgumentException(
                        "tensor %s: type %s, expected F32, F16, Q8_0 or Q4_0".formatted(name, dtype));
        };
    }
}
