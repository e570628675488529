package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RBP;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * Products of a panel's rows and up to eight tokens with VNNI. A register has four columns of the 16 rows; each token's four activations
 * are broadcast, so that no lanes ever have to be added up. Of each block, integers are summed exactly, then scaled and added in F32.
 */
final class VectorProduct {
    private static final int COLUMNS = 4;
    private static final int PAIRS = BlockFormat.BLOCK / COLUMNS;

    private static final int AHEAD = 2048;

    // Vector registers: of each token the sums in F32, then the block's sums.
    private static final int SUMS = 0;
    private static final int BLOCK_SUMS = 8;
    private static final int WEIGHTS = 16;
    private static final int SCALES = 24;
    private static final int SCALED = 25;
    private static final int CONSTANT = 31;

    private VectorProduct() {}

    /**
     * {@code f(task, i)}: the {@code i}th share of panels with all tokens.
     *
     * @param width tokens of a group, at most 8
     */
    static byte[] code(BlockFormat format, int width) {
        Assembler a = new Assembler();
        Panels panels = new Panels(a);
        panels.begin();
        a.vpbroadcastd(CONSTANT, panels.constant());
        Label group = new Label();
        Label rest = new Label();
        panels.eachPanel(() -> {
            a.place(group);
            a.mov(RDX, R8);
            a.mov(RSI, R9);
            a.mov(RCX, panels.field(Task.BLOCKS));
            for (int t = 0; t < width; t++) {
                a.vpxord(SUMS + t, SUMS + t, SUMS + t);
            }
            Label block = new Label();
            a.place(block);
            block(a, format, width);
            a.add(RDX, format.panelBlockBytes());
            a.add(RSI, PackedMatrix.PANEL * Short.BYTES);
            a.add(R10, Activations.blockBytes(width));
            a.sub(RCX, 1);
            a.jne(block);
            for (int t = 0; t < width; t++) {
                a.vmovupsMasked(Mem.at(R11, 0), SUMS + t, 1);
                a.add(R11, RBP);
                a.sub(R14, 1);
                a.jle(rest);
            }
            a.jmp(group);
            a.place(rest);
        });
        panels.end();
        return a.bytes();
    }

    /** RDX: the block's integers, RSI: its scales, R10: its activations. */
    private static void block(Assembler a, BlockFormat format, int width) {
        if (width == 1) {
            prefetch(a, format);
        }
        a.vcvtph2ps(SCALES, Mem.at(RSI, 0));
        for (int t = 0; t < width; t++) {
            a.vpbroadcastd(BLOCK_SUMS + t, Mem.at(R10, Activations.sumAt(width, t)));
        }
        switch (format) {
            case Q8_0 -> {
                for (int j = 0; j < PAIRS; j++) {
                    a.vpxord(WEIGHTS + j % 4, CONSTANT, Mem.at(RDX, j * 64));
                    products(a, width, WEIGHTS + j % 4, j);
                }
            }
            case Q4_0 -> {
                for (int j = 0; j < PAIRS / 2; j++) {
                    int low = WEIGHTS + 2 * (j % 4);
                    int high = low + 1;
                    a.vmovups(high, Mem.at(RDX, j * 64));
                    a.vpandd(low, high, CONSTANT);
                    a.vpsrld(high, high, 4);
                    a.vpandd(high, high, CONSTANT);
                    products(a, width, low, j);
                    products(a, width, high, PAIRS / 2 + j);
                }
            }
        }
        for (int t = 0; t < width; t++) {
            a.vcvtdq2ps(BLOCK_SUMS + t, BLOCK_SUMS + t);
            a.vmulpsBroadcast(SCALED + t % 4, SCALES, Mem.at(R10, Activations.scaleAt(width, t)));
            a.vfmadd231ps(SUMS + t, BLOCK_SUMS + t, SCALED + t % 4);
        }
    }

    /** One token's products take as long as weights take to arrive: asked for this early, they come twice as fast. */
    private static void prefetch(Assembler a, BlockFormat format) {
        for (int i = 0; i < format.panelBlockBytes(); i += 64) {
            a.prefetcht0(Mem.at(RDX, AHEAD + i));
        }
        a.prefetcht0(Mem.at(RSI, AHEAD / format.panelBlockBytes() * PackedMatrix.PANEL * Short.BYTES));
    }

    private static void products(Assembler a, int width, int weights, int pair) {
        for (int t = 0; t < width; t++) {
            a.vpdpbusdBroadcast(BLOCK_SUMS + t, weights, Mem.at(R10, t * BlockFormat.BLOCK + pair * COLUMNS));
        }
    }
}
