package org.attention4j.loaders.architecture;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/** Tensors one after the other, copied when they are read. */
record JoinedRows(List<Tensor> parts) implements TensorContents {
    JoinedRows {
        parts = ImmutableList.copyOf(parts);
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long start = 0;
        for (Tensor part : parts) {
            long end = start + part.dtype().byteSize(part.shape());
            long from = Math.max(offset, start);
            long to = Math.min(offset + target.byteSize(), end);
            if (from < to) {
                MemorySegment.copy(part.bytes(from - start, to - from), 0, target, from - offset, to - from);
            }
            start = end;
        }
    }

    @Override
    public void unload() {
        parts.forEach(Tensor::unload);
    }
}
