package org.attention4j.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import org.attention4j.core.backend.BackendException;

/**
 * Native memory of zeros from the C library's {@code calloc}. Of great pieces the operating system provides a page when it is
 * first touched, while an {@link Arena} touches all of them at once: so a session's memory grows with the tokens that it has
 * seen, not with those that it has room for.
 */
final class ZeroedMemory {
    private static final long ALIGNMENT = 64;

    private static final Calloc CALLOC = function(
            Calloc.class,
            "calloc",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final Free FREE = function(Free.class, "free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    /** C's function of this name. */
    @FunctionalInterface
    public interface Calloc {
        /** Zeroed memory for {@code count} elements of {@code size} bytes; the address 0 if there is not enough. */
        MemorySegment call(long count, long size);
    }

    /** C's function of this name. */
    @FunctionalInterface
    public interface Free {
        /** Gives memory back. */
        void call(MemorySegment start);
    }

    private ZeroedMemory() {}

    @SuppressWarnings("restricted")
    private static <T> T function(Class<T> type, String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return MethodHandleProxies.asInterfaceInstance(
                type, linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor));
    }

    /**
     * Memory that is freed when {@code arena} is closed, aligned to 64 bytes.
     *
     * @throws BackendException if there is not enough
     */
    @SuppressWarnings("restricted")
    static MemorySegment allocate(Arena arena, long bytes) {
        long withRoom = bytes + ALIGNMENT;
        MemorySegment start = CALLOC.call(1, withRoom);
        if (start.address() == 0) {
            throw new BackendException("the machine does not have %d bytes of memory".formatted(bytes));
        }
        MemorySegment owned = start.reinterpret(withRoom, arena, FREE::call);
        return owned.asSlice(Math.floorMod(-start.address(), ALIGNMENT), bytes);
    }
}
