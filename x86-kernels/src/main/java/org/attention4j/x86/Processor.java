package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.MappedMemory;
import org.attention4j.x86.asm.Mem;

/**
 * What this machine's processor and system offer to generated code.
 *
 * @param missing why kernels can't run here; absent if they can
 * @param hasTiles whether products of 8-bit matrices (AMX-INT8) can be used
 */
public record Processor(Optional<String> missing, boolean hasTiles) {
    private static final int AVX512_STATE = 0xe6;
    private static final int TILE_STATE = 3 << 17;
    private static final int REQUEST_STATE = 0x1023;
    private static final int TILE_DATA = 18;
    private static final long ARCH_PRCTL = 158;

    /** This machine's, found out once. */
    public static Processor current() {
        return Holder.CURRENT;
    }

    @SuppressWarnings("restricted") // Native code is what this is for.
    private static final class Holder {
        private static final Processor CURRENT = find();

        private static Processor find() {
            String system = System.getProperty("os.name", "");
            String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
            if (!system.equals("Linux") || !processor.equals("amd64")) {
                return new Processor(
                        Optional.of("kernels are generated for Linux on x86-64, this is %s on %s"
                                .formatted(system, processor)),
                        false);
            }
            try {
                return ask();
            } catch (UnsupportedOperationException e) {
                return new Processor(Optional.of(String.valueOf(e.getMessage())), false);
            }
        }

        private static Processor ask() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(JAVA_INT, 5);
                MethodHandle identify = identify();
                call(identify, 0, out);
                int highestLeaf = out.getAtIndex(JAVA_INT, 0);
                call(identify, 1, out);
                boolean savesState = has(out.getAtIndex(JAVA_INT, 2), 27);
                call(identify, 7, out);
                int ebx = out.getAtIndex(JAVA_INT, 1);
                boolean vectors = has(ebx, 16) && has(ebx, 30) && has(ebx, 31) && has(out.getAtIndex(JAVA_INT, 2), 11);
                int edx = out.getAtIndex(JAVA_INT, 3);
                boolean tiles = has(edx, 24) && has(edx, 25);
                int saved = savesState && highestLeaf >= 7 ? savedState(out) : 0;
                if (!vectors || (saved & AVX512_STATE) != AVX512_STATE) {
                    return new Processor(Optional.of("the processor has no AVX-512 with VNNI"), false);
                }
                return new Processor(Optional.empty(), tiles && (saved & TILE_STATE) == TILE_STATE && requestTiles());
            }
        }

        private static boolean has(int bits, int bit) {
            return (bits >> bit & 1) != 0;
        }

        /** {@code f(leaf, out)}: what CPUID says in EAX, EBX, ECX and EDX. */
        private static MethodHandle identify() {
            Assembler a = new Assembler();
            a.push(Gpr.RBX);
            a.mov(Gpr.RAX, Gpr.RDI);
            a.mov(Gpr.RCX, 0);
            a.cpuid();
            Gpr[] results = {Gpr.RAX, Gpr.RBX, Gpr.RCX, Gpr.RDX};
            for (int i = 0; i < results.length; i++) {
                // Eight bytes at a time: the next register's overwrites the upper half.
                a.mov(Mem.at(Gpr.RSI, i * Integer.BYTES), results[i]);
            }
            a.pop(Gpr.RBX);
            a.ret();
            return function(a, FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS));
        }

        private static int savedState(MemorySegment out) {
            Assembler a = new Assembler();
            a.mov(Gpr.RCX, 0);
            a.xgetbv();
            a.mov(Mem.at(Gpr.RSI, 0), Gpr.RAX);
            a.ret();
            call(function(a, FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS)), 0, out);
            return out.getAtIndex(JAVA_INT, 0);
        }

        private static MethodHandle function(Assembler a, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(MappedMemory.code(a.bytes()), type);
        }

        private static void call(MethodHandle f, long x, MemorySegment out) {
            try {
                f.invokeExact(x, out);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Linux gives a process room to save tiles only if it asks. */
        private static boolean requestTiles() {
            Linker linker = Linker.nativeLinker();
            MethodHandle syscall = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
            try {
                return (long) syscall.invokeExact(ARCH_PRCTL, (long) REQUEST_STATE, (long) TILE_DATA) == 0;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }
}
