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
    /** A whole number of blocks of every type. */
    static final int CHUNK_BYTES = 1 << 18;

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Tensor tensor;
    private final float[] buffer = new float[CHUNK_BYTES / Float.BYTES];

    FloatSource(Tensor tensor) {
        this.tensor = tensor;
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long first = offset / Float.BYTES;
        int count = (int) (target.byteSize() / Float.BYTES);
        DType dtype = tensor.dtype();
        switch (dtype) {
            case F32 -> target.copyFrom(tensor.bytes(offset, target.byteSize()));
            case F16, BF16 -> convertHalves(first, count, target);
            case F64, I64, I32, I8, U8, BOOL -> {
                for (int i = 0; i < count; i++) {
                    buffer[i] = (float) tensor.getDouble(first + i);
                }
                MemorySegment.copy(buffer, 0, target, F32, 0, count);
            }
            default -> {
                long block = first / dtype.blockSize();
                long size = (long) count / dtype.blockSize() * dtype.blockBytes();
                BlockCodec.of(dtype).decode(tensor.bytes(block * dtype.blockBytes(), size), 0, buffer, 0, count);
                MemorySegment.copy(buffer, 0, target, F32, 0, count);
            }
        }
    }

    private void convertHalves(long first, int count, MemorySegment target) {
        boolean isF16 = tensor.dtype() == DType.F16;
        MemorySegment halves = tensor.bytes(first * Short.BYTES, (long) count * Short.BYTES);
        for (int i = 0; i < count; i++) {
            short bits = halves.get(I16, (long) i * Short.BYTES);
            buffer[i] = isF16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
        }
        MemorySegment.copy(buffer, 0, target, F32, 0, count);
    }
}
