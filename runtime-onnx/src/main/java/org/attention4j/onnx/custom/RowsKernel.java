package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** {@link CustomOps#ROWS}. */
@SuppressWarnings("restricted") // Native code is what this is for.
final class RowsKernel extends NodeKernel<RowTable> {
    @Override
    RowTable open(NodeInfo info) {
        return CustomWeights.TABLES.get(info.integer(CustomOps.WEIGHTS));
    }

    @Override
    void compute(RowTable table, KernelCall call) throws Throwable {
        long at = call.input(0);
        long axes = call.axes();
        long count = call.elements(axes);
        MemorySegment ids = MemorySegment.ofAddress(at).reinterpret(count * Long.BYTES);
        long columns = table.columns();
        MemorySegment rows =
                MemorySegment.ofAddress(call.output(axes, columns)).reinterpret(count * columns * Float.BYTES);
        for (long i = 0; i < count; i++) {
            table.read(ids.getAtIndex(JAVA_LONG, i), rows.asSlice(i * columns * Float.BYTES, columns * Float.BYTES));
        }
        table.wasRead(count);
    }
}
