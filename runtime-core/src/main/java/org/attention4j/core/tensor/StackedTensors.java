package org.attention4j.core.tensor;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Tensors of one type and shape, one after the other: entries of a new first dimension. They stay where they are.
 *
 * @param parts at least one
 */
record StackedTensors(List<Tensor> parts, long partBytes) implements TensorContents {
    StackedTensors {
        parts = ImmutableList.copyOf(parts);
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long n;
        for (long at = 0; at < target.byteSize(); at += n) {
            long from = (offset + at) % partBytes;
            n = Math.min(partBytes - from, target.byteSize() - at);
            read(parts.get((int) ((offset + at) / partBytes)), from, target.asSlice(at, n));
        }
    }

    private static void read(Tensor part, long from, MemorySegment target) {
        if (part.contents().isPresent()) {
            part.contents().get().read(from, target);
        } else {
            target.copyFrom(part.data().asSlice(from, target.byteSize()));
        }
    }

    @Override
    public TensorContents rows(long first, long count, long rowBytes) {
        return rowBytes == partBytes
                ? new StackedTensors(parts.subList((int) first, (int) (first + count)), partBytes)
                : TensorContents.super.rows(first, count, rowBytes);
    }

    @Override
    public void unload() {
        parts.forEach(Tensor::unload);
    }
}
