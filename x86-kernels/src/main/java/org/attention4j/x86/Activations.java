package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
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

    /** {@code f(task, i)}: rounds the {@code i}th share of groups of {@code width} tokens. */
    static byte[] code(int width, int zero) {
        Assembler a = new Assembler();
        constants(a, zero);
        // RSI: the group, RDX: how many are left, R9: the token.
        a.imul(RSI, Task.SHARE.in(RDI));
        a.mov(RDX, Task.SHARE.in(RDI));
        a.mov(RAX, width);
        a.mov(R9, RSI);
        a.imul(R9, RAX);
        a.mov(R8, RSI);
        a.imul(R8, Task.GROUP_BYTES.in(RDI));
        a.add(R8, Task.ACTIVATIONS.in(RDI));
        Label group = new Label();
        Label done = new Label();
        a.place(group);
        for (int lane = 0; lane < width; lane++) {
            a.cmp(R9, Task.TOKENS.in(RDI));
            a.jge(done);
            token(a, width, lane);
            a.add(R9, 1);
        }
        a.add(R8, Task.GROUP_BYTES.in(RDI));
        a.sub(RDX, 1);
        a.jne(group);
        a.place(done);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    /** Rounds token R9, which is in the lane of the group that begins at R8. */
    private static void token(Assembler a, int width, int lane) {
        a.mov(RAX, R9);
        a.imul(RAX, Task.X_ROW_BYTES.in(RDI));
        a.add(RAX, Task.X.in(RDI));
        a.mov(R10, R8);
        a.mov(RCX, Task.BLOCKS.in(RDI));
        Label block = new Label();
        a.place(block);
        block(a, width, lane);
        a.add(RAX, FLOATS);
        a.add(R10, blockBytes(width));
        a.sub(RCX, 1);
        a.jne(block);
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

    /** RAX: the block's x; R10: the block in its group. */
    private static void block(Assembler a, int width, int lane) {
        a.vmovups(LOW, Mem.at(RAX, 0));
        a.vmovups(HIGH, Mem.at(RAX, FLOATS / 2));
        // As integers, bits of positive floats are in the same order, and those of infinity and NaN, which must not get
        // lost, are the
        // greatest.
        a.vpandd(MOST, LOW, ABSOLUTE);
        a.vpandd(OTHER, HIGH, ABSOLUTE);
        a.vpmaxsd(MOST, MOST, OTHER);
        Lanes.spread(a, MOST, OTHER, (x, y) -> a.vpmaxsd(MOST, x, y));
        a.vpmaxsd(MOST, MOST, LEAST);
        a.vdivps(OTHER, MOST, LARGEST);
        a.vmovd(Mem.at(R10, scaleAt(width, lane)), OTHER);
        a.vdivps(OTHER, LARGEST, MOST);
        a.vmulps(LOW, LOW, OTHER);
        a.vmulps(HIGH, HIGH, OTHER);
        a.vcvtps2dq(LOW, LOW);
        a.vcvtps2dq(HIGH, HIGH);
        a.vpmovsdb(Mem.at(R10, lane * BlockFormat.BLOCK), LOW);
        a.vpmovsdb(Mem.at(R10, lane * BlockFormat.BLOCK + BlockFormat.BLOCK / 2), HIGH);
        a.vpaddd(MOST, LOW, HIGH);
        Lanes.spread(a, MOST, OTHER, (x, y) -> a.vpaddd(MOST, x, y));
        a.vpmulld(MOST, MOST, MINUS_ZERO);
        a.vmovd(Mem.at(R10, sumAt(width, lane)), MOST);
    }
}
