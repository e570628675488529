package org.attention4j.onnx.emit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;

/** The values of a tensor of any type as F32, converted chunk by chunk. */
final class FloatSource implements ExternalDataWriter.Source {
    private static final int ELEMENTS = 1 << 16;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Tensor tensor;
    private final float[] buffer = new float[ELEMENTS];

    FloatSource(Tensor tensor) {
        this.tensor = tensor;
    }

    /** A whole number of blocks of every type. */
    int chunkBytes() {
        return ELEMENTS * Float.BYTES;
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long first = offset / Float.BYTES;
        int count = (int) (target.byteSize() / Float.BYTES);
        DType dtype = tensor.dtype();
        if (dtype.isQuantized()) {
            BlockCodec.of(dtype).decode(tensor.data(), first / dtype.blockSize(), buffer, 0, count);
        } else {
            for (int i = 0; i < count; i++) {
                buffer[i] = (float) tensor.getDouble(first + i);
            }
        }
        MemorySegment.copy(buffer, 0, target, F32, 0, count);
    }
}
