package org.attention4j.loaders.architecture;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;

/**
 * The bytes of equal tensors one after the other.
 *
 * @param parts of one dtype and shape
 * @param partBytes what each of them takes
 */
record StackedContents(List<Tensor> parts, long partBytes) implements TensorContents {
    private static final long PIECE = 1 << 20;

    StackedContents {
        parts = ImmutableList.copyOf(parts);
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long done = 0;
        while (done < target.byteSize()) {
            Tensor part = parts.get(Math.toIntExact((offset + done) / partBytes));
            long start = (offset + done) % partBytes;
            long size = Math.min(target.byteSize() - done, partBytes - start);
            copy(part, start, target.asSlice(done, size));
            done += size;
        }
    }

    /** In pieces: what a part has to make first shall not be made at once. */
    private static void copy(Tensor part, long start, MemorySegment target) {
        long blockBytes = part.dtype().blockBytes();
        long piece = Math.max(1, PIECE / blockBytes) * blockBytes;
        for (long done = 0; done < target.byteSize(); done += piece) {
            long size = Math.min(piece, target.byteSize() - done);
            MemorySegment.copy(part.bytes(start + done, size), 0, target, done, size);
        }
    }

    @Override
    public void unload() {
        parts.forEach(Tensor::unload);
    }
}
