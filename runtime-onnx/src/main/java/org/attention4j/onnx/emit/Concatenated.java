package org.attention4j.onnx.emit;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.attention4j.onnx.file.ExternalDataWriter.Source;

/** The bytes of several sources, one after the other. */
public final class Concatenated implements Source {
    private final List<Source> sources;
    private final long[] sizes;

    private Concatenated(List<Source> sources, long[] sizes) {
        this.sources = sources;
        this.sizes = sizes;
    }

    /**
     * The sources in this order.
     *
     * @param sizes how many bytes each of them has
     */
    public static Source of(List<Source> sources, long[] sizes) {
        return sources.size() == 1 ? sources.getFirst() : new Concatenated(List.copyOf(sources), sizes.clone());
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        long start = 0;
        long done = 0;
        for (int i = 0; i < sizes.length && done < target.byteSize(); i++) {
            long from = offset + done - start;
            if (from < sizes[i]) {
                long n = Math.min(sizes[i] - from, target.byteSize() - done);
                sources.get(i).read(from, target.asSlice(done, n));
                done += n;
            }
            start += sizes[i];
        }
    }
}
