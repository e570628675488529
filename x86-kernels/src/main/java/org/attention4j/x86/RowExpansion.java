package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.MappedMemory;
import org.attention4j.x86.asm.Mem;

/** A row's blocks, as files have them, as F32: what an embedding reads for each token. */
@SuppressWarnings("restricted") // Generated code is called.
public final class RowExpansion {
    private static final int HALF_ROW = BlockFormat.BLOCK / 2 * Float.BYTES;
    private static final float EIGHT = 8;

    // Vector registers.
    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int SCALE = 2;
    private static final int NIBBLES = 30;
    private static final int EIGHTS = 31;

    private static final Map<BlockFormat, RowExpansion> ALL = new EnumMap<>(BlockFormat.class);

    private final MethodHandle code;

    private RowExpansion(BlockFormat format) {
        this.code = Linker.nativeLinker()
                .downcallHandle(
                        MappedMemory.code(code(format)),
                        FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        Linker.Option.critical(false));
    }

    /** That of a format, on a processor that has what generated code needs. */
    public static synchronized RowExpansion of(BlockFormat format) {
        return ALL.computeIfAbsent(format, RowExpansion::new);
    }

    /**
     * Expands a row.
     *
     * @param blocks in native memory
     * @param count of the blocks, at least 1
     * @param to the address of {@code F32[32 · count]}
     */
    public void expand(MemorySegment blocks, long count, long to) {
        try {
            code.invokeExact(blocks.address(), count, to);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** RDI: the block, RSI: how many are left, RDX: where its entries go. */
    private static byte[] code(BlockFormat format) {
        Assembler a = new Assembler();
        a.mov(RAX, 0xf);
        a.vpbroadcastd(NIBBLES, RAX);
        a.mov(RAX, Float.floatToRawIntBits(EIGHT));
        a.vpbroadcastd(EIGHTS, RAX);
        a.mov(RCX, 0x1_0001);
        Label block = new Label();
        a.place(block);
        a.movzx16(RAX, Mem.at(RDI, 0));
        a.imul(RAX, RCX);
        a.vpbroadcastd(SCALE, RAX);
        a.vcvtph2ps(SCALE, SCALE);
        switch (format) {
            case Q8_0 -> {
                a.vpmovsxbd(LOW, Mem.at(RDI, Short.BYTES));
                a.vpmovsxbd(HIGH, Mem.at(RDI, Short.BYTES + BlockFormat.BLOCK / 2));
                a.vcvtdq2ps(LOW, LOW);
                a.vcvtdq2ps(HIGH, HIGH);
                a.add(RDI, Short.BYTES + BlockFormat.BLOCK);
            }
            case Q4_0 -> {
                a.vpmovzxbd(HIGH, Mem.at(RDI, Short.BYTES));
                a.vpandd(LOW, HIGH, NIBBLES);
                a.vpsrld(HIGH, HIGH, 4);
                a.vcvtdq2ps(LOW, LOW);
                a.vcvtdq2ps(HIGH, HIGH);
                a.vsubps(LOW, LOW, EIGHTS);
                a.vsubps(HIGH, HIGH, EIGHTS);
                a.add(RDI, Short.BYTES + BlockFormat.BLOCK / 2);
            }
        }
        a.vmulps(LOW, LOW, SCALE);
        a.vmulps(HIGH, HIGH, SCALE);
        a.vmovups(Mem.at(RDX, 0), LOW);
        a.vmovups(Mem.at(RDX, HALF_ROW), HIGH);
        a.add(RDX, 2 * HALF_ROW);
        a.sub(RSI, 1);
        a.jne(block);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }
}
