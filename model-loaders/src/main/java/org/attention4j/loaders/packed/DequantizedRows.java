package org.attention4j.loaders.packed;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.TensorContents;

/** A layer's weight as floats, for layers that no blocks can hold. */
record DequantizedRows(GroupedLayer layer) implements TensorContents {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void read(long offset, MemorySegment target) {
        int inputs = layer.numInputs();
        ImmutableIntArray all = ImmutableIntArray.copyOf(IntStream.range(0, inputs));
        byte[] codes = new byte[inputs];
        float[] row = new float[inputs];
        long element = offset / Float.BYTES;
        int count;
        for (long at = 0; at < target.byteSize(); at += (long) count * Float.BYTES) {
            long output = element / inputs;
            layer.codes().read(output, 1, all, 0, inputs, codes);
            for (int i = 0; i < inputs; i++) {
                int group = layer.order().groups().get(i);
                int q = codes[i] & 0xff;
                row[i] = layer.scale(group, output) * (q - layer.codes().exactZeroPoint(group, output));
            }
            int first = (int) (element % inputs);
            count = (int) Math.min(inputs - first, (target.byteSize() - at) / Float.BYTES);
            MemorySegment.copy(row, first, target, F32, at, count);
            element += count;
        }
    }

    @Override
    public void unload() {
        layer.codes().unload();
    }
}
