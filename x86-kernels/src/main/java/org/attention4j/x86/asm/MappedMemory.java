package org.attention4j.x86.asm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory from Linux's {@code mmap}: for code that the processor may run, never writable and executable at once, and for data whose pages
 * come when they are first written, by whichever thread.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
public final class MappedMemory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final long MAP_FAILED = -1;
    private static final int MADV_HUGEPAGE = 14;

    private MappedMemory() {}

    /**
     * Copies code to memory of its own, where it stays until the process ends.
     *
     * @return where it begins
     * @throws UnsupportedOperationException if the system refuses memory that can be run
     */
    public static MemorySegment code(byte[] code) {
        MemorySegment memory = map(code.length);
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
        try {
            int refused = (int) Calls.MPROTECT.invokeExact(memory, (long) code.length, PROT_READ | PROT_EXEC);
            if (refused != 0) {
                throw new UnsupportedOperationException("the system doesn't let generated code run");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return memory;
    }

    /**
     * Zeros, at a multiple of 4096. The system is asked for large pages, where it has such: what reads all of much memory again and again
     * then waits less often for where pages are.
     *
     * @param arena gives the memory back when it is closed
     * @throws UnsupportedOperationException if the system refuses so much
     */
    public static MemorySegment data(long bytes, Arena arena) {
        MemorySegment memory = map(bytes);
        adviseLargePages(memory);
        return memory.reinterpret(arena, MappedMemory::unmap);
    }

    /** A system that doesn't know them refuses, which changes nothing. */
    private static void adviseLargePages(MemorySegment memory) {
        try {
            var _ = (int) Calls.MADVISE.invokeExact(memory, memory.byteSize(), MADV_HUGEPAGE);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment map(long bytes) {
        try {
            MemorySegment at = (MemorySegment) Calls.MMAP.invokeExact(
                    MemorySegment.NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
            if (at.address() == MAP_FAILED) {
                throw new UnsupportedOperationException("the system gives no %d bytes of memory".formatted(bytes));
            }
            return at.reinterpret(bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void unmap(MemorySegment memory) {
        try {
            int status = (int) Calls.MUNMAP.invokeExact(memory, memory.byteSize());
            if (status != 0) {
                throw new IllegalStateException("memory that can't be given back: " + memory);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static final class Calls {
        private static final MethodHandle MMAP = handle(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        private static final MethodHandle MUNMAP =
                handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        private static final MethodHandle MADVISE =
                handle("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        private static final MethodHandle MPROTECT =
                handle("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

        private static MethodHandle handle(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }
    }
}
