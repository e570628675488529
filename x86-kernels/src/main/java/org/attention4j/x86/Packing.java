package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.MappedMemory;
import org.attention4j.x86.asm.Mem;

/** Puts one row, as files have it, into its lane of a panel: the ways of {@link PackedMatrix} and {@link FloatMatrix}. */
@SuppressWarnings("restricted") // Generated code is called.
final class Packing {
    private static final Map<BlockFormat, MethodHandle> CODE = new EnumMap<>(BlockFormat.class);
    private static final Map<DType, MethodHandle> OF_FLOATS = new EnumMap<>(DType.class);

    private Packing() {}

    /** {@code f(blocks, count, quants, scales)}: from {@code count} blocks to the row's first integers and its first scale. */
    static synchronized MethodHandle of(BlockFormat format) {
        return CODE.computeIfAbsent(
                format,
                f -> Linker.nativeLinker()
                        .downcallHandle(
                                MappedMemory.code(code(f)),
                                FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                                Linker.Option.critical(false)));
    }

    /** {@code f(row, columns, to)}: from F32 or F16 numbers to the first one's place. */
    static synchronized MethodHandle of(DType dtype) {
        return OF_FLOATS.computeIfAbsent(
                dtype,
                d -> Linker.nativeLinker()
                        .downcallHandle(
                                MappedMemory.code(code(d.blockBytes())),
                                FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG),
                                Linker.Option.critical(false)));
    }

    /** RDI: the number, RSI: how many are left, RDX: where it goes. */
    private static byte[] code(int bytes) {
        Assembler a = new Assembler();
        Label number = new Label();
        a.place(number);
        if (bytes == Short.BYTES) {
            a.movzx16(RAX, Mem.at(RDI, 0));
            a.mov16(Mem.at(RDX, 0), RAX);
        } else {
            a.mov32(RAX, Mem.at(RDI, 0));
            a.mov32(Mem.at(RDX, 0), RAX);
        }
        a.add(RDI, bytes);
        a.add(RDX, PackedMatrix.PANEL * bytes);
        a.sub(RSI, 1);
        a.jne(number);
        a.ret();
        return a.bytes();
    }

    /** RDI: the block, RSI: how many are left, RDX and RCX: where its integers and its scale go. */
    private static byte[] code(BlockFormat format) {
        int lane = Integer.BYTES;
        int row = PackedMatrix.PANEL * lane;
        int integers = format.panelBlockBytes() / row;
        Assembler a = new Assembler();
        Label block = new Label();
        a.place(block);
        a.movzx16(RAX, Mem.at(RDI, 0));
        a.mov16(Mem.at(RCX, 0), RAX);
        for (int j = 0; j < integers; j++) {
            var r = j % 2 == 0 ? R8 : R9;
            a.mov32(r, Mem.at(RDI, Short.BYTES + j * lane));
            a.mov32(Mem.at(RDX, j * row), r);
        }
        a.add(RDI, Short.BYTES + integers * lane);
        a.add(RDX, format.panelBlockBytes());
        a.add(RCX, PackedMatrix.PANEL * Short.BYTES);
        a.sub(RSI, 1);
        a.jne(block);
        a.ret();
        return a.bytes();
    }
}
