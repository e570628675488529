package org.attention4j.loaders.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/**
 * A matrix of 8-bit floats times the scales of its tiles, as F32.
 *
 * @param floats a sign, four bits of exponent and three of mantissa each
 * @param columns of the matrix
 * @param scales of the tiles, row by row
 * @param format how large a tile is
 */
record Fp8Tiles(MemorySegment floats, long columns, Tensor scales, Quantization.Fp8 format) implements TensorContents {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final float[] VALUES = values();

    private static float[] values() {
        float[] values = new float[256];
        for (int bits = 0; bits < values.length; bits++) {
            int exponent = (bits >> 3) & 0xf;
            int mantissa = bits & 7;
            // No infinities: all ones is not a number, and the exponent of ones is one like others.
            float value = (bits & 0x7f) == 0x7f
                    ? Float.NaN
                    : exponent == 0
                            ? Math.scalb((float) mantissa, -9)
                            : Math.scalb((float) (8 + mantissa), exponent - 10);
            values[bits] = bits < 0x80 ? value : -value;
        }
        return values;
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long element = offset / Float.BYTES;
        long end = element + target.byteSize() / Float.BYTES;
        long at = 0;
        while (element < end) {
            long row = element / columns;
            long column = element % columns;
            long tileEnd = Math.min(columns, (column / format.tileColumns() + 1) * format.tileColumns());
            long count = Math.min(tileEnd - column, end - element);
            float scale = scale(row, column);
            for (long i = 0; i < count; i++) {
                int bits = floats.get(ValueLayout.JAVA_BYTE, element + i) & 0xff;
                target.set(F32, at + i * Float.BYTES, VALUES[bits] * scale);
            }
            element += count;
            at += count * Float.BYTES;
        }
    }

    private float scale(long row, long column) {
        long tile = row / format.tileRows() * scales.shape().dim(1) + column / format.tileColumns();
        return (float) scales.getDouble(tile);
    }

    @Override
    public void unload() {
        if (floats.isMapped()) {
            floats.unload();
        }
    }
}
