package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * Rounds activations to 8 bits in blocks of 32, as llama.cpp's Q8_0: {@code d = max|x| / 127}, {@code q = round(x / d)}. They lie in groups
 * of {@code width} tokens; a group has for each block the tokens' q, {@code [width][32]} bytes, their d, {@code F32[width]}, and
 * {@code −zero · Σq}, {@code I32[width]}, which makes signed numbers of weights whose integers are unsigned.
 */
final class Activations {
    private static final int TOKEN_BLOCK_BYTES = BlockFormat.BLOCK + 2 * Float.BYTES;
    private static final int FLOATS = BlockFormat.BLOCK * Float.BYTES;

    // Vector registers.
    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int MOST = 2;
    private static final int OTHER = 3;
    private static final int ABSOLUTE = 28;
    private static final int LEAST = 29;
    private static final int LARGEST = 30;
    private static final int MINUS_ZERO = 31;

    private Activations() {}

    /** The bytes of a group. */
    static long groupBytes(long blocks, int width) {
        return blocks * blockBytes(width);
    }

    /** The bytes of one block in a group. */
    static int blockBytes(int width) {
        return width * TOKEN_BLOCK_BYTES;
    }

    /** Where a token's d lies in a block of its group. */
    static int scaleAt(int width, int token) {
        return width * BlockFormat.BLOCK + token * Float.BYTES;
    }

    /** Where a token's −zero · Σq lies in a block of its group. */
    static int sumAt(int width, int token) {
        return width * (BlockFormat.BLOCK + Float.BYTES) + token * Integer.BYTES;
    }

    /**
     * {@code f(task, i)}: rounds the {@code i}th share of tokens.
     *
     * @param width tokens of a group, a power of two
     */
    static byte[] code(int width, int zero) {
        Assembler a = new Assembler();
        constants(a, zero);
        // RSI: the token, RDX: behind the last one.
        a.imul(RSI, Task.SHARE.in(RDI));
        a.mov(RDX, RSI);
        a.add(RDX, Task.SHARE.in(RDI));
        Label few = new Label();
        a.cmp(RDX, Task.TOKENS.in(RDI));
        a.jle(few);
        a.mov(RDX, Task.TOKENS.in(RDI));
        a.place(few);
        Label token = new Label();
        Label done = new Label();
        a.place(token);
        a.cmp(RSI, RDX);
        a.jge(done);
        addresses(a, width);
        a.mov(RCX, Task.BLOCKS.in(RDI));
        Label block = new Label();
        a.place(block);
        block(a, width);
        a.add(R8, FLOATS);
        a.add(R10, blockBytes(width));
        a.add(R11, blockBytes(width));
        a.sub(RCX, 1);
        a.jne(block);
        a.add(RSI, 1);
        a.jmp(token);
        a.place(done);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    private static void constants(Assembler a, int zero) {
        constant(a, ABSOLUTE, 0x7fff_ffff);
        constant(a, LEAST, Float.floatToRawIntBits(Float.MIN_NORMAL * (1 << 20)));
        constant(a, LARGEST, Float.floatToRawIntBits(Byte.MAX_VALUE));
        constant(a, MINUS_ZERO, -zero);
    }

    private static void constant(Assembler a, int register, int value) {
        a.mov(RAX, value);
        a.vpbroadcastd(register, RAX);
    }

    /** R8: the token's x, R10: its q in its group, R11: its d there. */
    private static void addresses(Assembler a, int width) {
        a.mov(R8, RSI);
        a.imul(R8, Task.X_ROW_BYTES.in(RDI));
        a.add(R8, Task.X.in(RDI));
        a.mov(R10, RSI);
        a.shr(R10, Integer.numberOfTrailingZeros(width));
        a.imul(R10, Task.GROUP_BYTES.in(RDI));
        a.add(R10, Task.ACTIVATIONS.in(RDI));
        a.mov(R9, RSI);
        a.and(R9, width - 1);
        a.lea(R11, Mem.at(R10, R9, Float.BYTES, scaleAt(width, 0)));
        a.shl(R9, Integer.numberOfTrailingZeros(BlockFormat.BLOCK));
        a.add(R10, R9);
    }

    private static void block(Assembler a, int width) {
        a.vmovups(LOW, Mem.at(R8, 0));
        a.vmovups(HIGH, Mem.at(R8, FLOATS / 2));
        a.vpandd(MOST, LOW, ABSOLUTE);
        a.vpandd(OTHER, HIGH, ABSOLUTE);
        a.vmaxps(MOST, MOST, OTHER);
        spread(a, MOST, (x, y) -> a.vmaxps(MOST, x, y));
        a.vmaxps(MOST, MOST, LEAST);
        a.vdivps(OTHER, MOST, LARGEST);
        a.vmovd(Mem.at(R11, 0), OTHER);
        a.vdivps(OTHER, LARGEST, MOST);
        a.vmulps(LOW, LOW, OTHER);
        a.vmulps(HIGH, HIGH, OTHER);
        a.vcvtps2dq(LOW, LOW);
        a.vcvtps2dq(HIGH, HIGH);
        a.vpmovsdb(Mem.at(R10, 0), LOW);
        a.vpmovsdb(Mem.at(R10, BlockFormat.BLOCK / 2), HIGH);
        a.vpaddd(MOST, LOW, HIGH);
        spread(a, MOST, (x, y) -> a.vpaddd(MOST, x, y));
        a.vpmulld(MOST, MOST, MINUS_ZERO);
        a.vmovd(Mem.at(R11, width * Float.BYTES), MOST);
    }

    private interface Merge {
        void of(int x, int y);
    }

    /** Merges all lanes of a register, the result in each. */
    private static void spread(Assembler a, int register, Merge merge) {
        a.vshuff32x4(OTHER, register, register, 0b01_00_11_10);
        merge.of(register, OTHER);
        a.vshuff32x4(OTHER, register, register, 0b10_11_00_01);
        merge.of(register, OTHER);
        a.vpermilps(OTHER, register, 0b01_00_11_10);
        merge.of(register, OTHER);
        a.vpermilps(OTHER, register, 0b10_11_00_01);
        merge.of(register, OTHER);
    }
}
