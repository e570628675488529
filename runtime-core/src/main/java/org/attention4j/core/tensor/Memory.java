package org.attention4j.core.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.Optional;

/** Where a tensor's bytes are. */
sealed interface Memory {
    /** All of them. */
    MemorySegment bytes();

    /** There. */
    record Present(MemorySegment bytes) implements Memory {}

    /** Made when they are read, and kept as long as somebody holds them. */
    final class Made implements Memory {
        private final TensorContents contents;
        private final long size;
        private volatile Optional<WeakReference<MemorySegment>> made = Optional.empty();

        Made(TensorContents contents, long size) {
            this.contents = contents;
            this.size = size;
        }

        TensorContents contents() {
            return contents;
        }

        @Override
        public MemorySegment bytes() {
            return made.map(WeakReference::get).orElseGet(this::make);
        }

        private MemorySegment make() {
            MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, size), 64).asSlice(0, size);
            contents.read(0, bytes);
            MemorySegment readOnly = bytes.asReadOnly();
            made = Optional.of(new WeakReference<>(readOnly));
            return readOnly;
        }
    }
}
