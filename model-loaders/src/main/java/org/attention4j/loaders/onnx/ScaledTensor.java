package org.attention4j.loaders.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/** Matrices of integers of the model that stand for floats, made floats of when they are read. */
public final class ScaledTensor {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ScaledTensor() {}

    /**
     * {@code scale·(q − zero)} as F32.
     *
     * @param scale one number, or one for each entry of the axis
     * @param zero as many; 0 if there is none
     * @param axis 0 or 1
     */
    public static Tensor of(Tensor q, Tensor scale, Optional<Tensor> zero, int axis) {
        return Tensor.of(DType.F32, q.shape(), new Contents(q, scale, zero, axis));
    }

    private record Contents(Tensor q, Tensor scale, Optional<Tensor> zero, int axis) implements TensorContents {
        @Override
        public void read(long offset, MemorySegment target) {
            long columns = q.shape().dim(1);
            long first = offset / Float.BYTES;
            long count = target.byteSize() / Float.BYTES;
            for (long i = 0; i < count; i++) {
                long at = first + i;
                long group = axis == 0 ? at / columns : at % columns;
                float x = (float) q.getLong(at)
                        - zero.map(z -> (float) z.getLong(of(z, group))).orElse(0f);
                target.setAtIndex(FLOAT, i, x * (float) scale.getDouble(of(scale, group)));
            }
        }

        private static long of(Tensor t, long group) {
            return t.shape().elements() == 1 ? 0 : group;
        }
    }
}
