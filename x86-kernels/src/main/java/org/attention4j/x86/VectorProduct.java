package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * Products of panels and a few tokens with VNNI. A register has four columns of a panel's 16 rows; each token's four activations are
 * broadcast, so that no lanes ever have to be added up. Of each block, integers are summed exactly, then scaled and added in F32.
 */
final class VectorProduct {
    /** Tokens at most: enough products that don't wait for each other. */
    static final int WIDEST = 8;

    private static final int COLUMNS = 4;
    private static final int PAIRS = BlockFormat.BLOCK / COLUMNS;
    private static final int ROW = 64;
    private static final int AHEAD = 2048;

    /** Added to signed bytes, they make them unsigned and greater by 128. */
    private static final int SIGN_BITS = 0x8080_8080;

    private static final int LOW_HALVES = 0x0f0f_0f0f;

    // Vector registers: of each token the sums in F32, then the block's sums.
    private static final int SUMS = 0;
    private static final int BLOCK_SUMS = 8;
    private static final int WEIGHTS = 16;
    private static final int SCALES = 24;
    private static final int SCALED = 25;
    private static final int CONSTANT = 31;

    private final Assembler a = new Assembler();
    private final Panels frame = new Panels(a);
    private final BlockFormat format;
    private final int width;

    private VectorProduct(BlockFormat format, int width) {
        this.format = format;
        this.width = width;
    }

    /**
     * {@code f(task, i)}: the {@code i}th share of panels with all tokens.
     *
     * @param width tokens of a group, at most {@link #WIDEST}
     */
    static byte[] code(BlockFormat format, int width) {
        return new VectorProduct(format, width).code();
    }

    private byte[] code() {
        frame.begin();
        a.mov(
                RAX,
                switch (format) {
                    case Q8_0 -> SIGN_BITS;
                    case Q4_0 -> LOW_HALVES;
                });
        a.vpbroadcastd(CONSTANT, RAX);
        frame.eachPanel(this::allTokens);
        frame.end();
        return a.bytes();
    }

    private void allTokens() {
        Label group = new Label();
        Label rest = new Label();
        a.place(group);
        a.mov(RDX, R8);
        a.mov(RSI, R9);
        a.mov(RCX, frame.field(Task.BLOCKS));
        for (int t = 0; t < width; t++) {
            a.vpxord(SUMS + t, SUMS + t, SUMS + t);
        }
        Label block = new Label();
        a.place(block);
        block();
        a.add(RDX, format.panelBlockBytes());
        a.add(RSI, PackedMatrix.PANEL * Short.BYTES);
        a.add(R10, Activations.blockBytes(width));
        a.sub(RCX, 1);
        a.jne(block);
        frame.store(SUMS, width, rest);
        a.jmp(group);
        a.place(rest);
    }

    /** RDX: the block's integers, RSI: its scales, R10: its activations. */
    private void block() {
        if (width == 1) {
            prefetch();
        }
        a.vcvtph2ps(SCALES, Mem.at(RSI, 0));
        for (int t = 0; t < width; t++) {
            a.vpbroadcastd(BLOCK_SUMS + t, Mem.at(R10, Activations.sumAt(width, t)));
        }
        switch (format) {
            case Q8_0 -> bytes();
            case Q4_0 -> halves();
        }
        for (int t = 0; t < width; t++) {
            int scaled = SCALED + t % 4;
            a.vcvtdq2ps(BLOCK_SUMS + t, BLOCK_SUMS + t);
            a.vmulpsBroadcast(scaled, SCALES, Mem.at(R10, Activations.scaleAt(width, t)));
            a.vfmadd231ps(SUMS + t, BLOCK_SUMS + t, scaled);
        }
    }

    private void bytes() {
        for (int j = 0; j < PAIRS; j++) {
            int weights = WEIGHTS + j % 4;
            a.vpxord(weights, CONSTANT, Mem.at(RDX, j * ROW));
            products(weights, j);
        }
    }

    private void halves() {
        for (int j = 0; j < PAIRS / 2; j++) {
            int low = WEIGHTS + 2 * (j % 4);
            int high = low + 1;
            a.vmovups(high, Mem.at(RDX, j * ROW));
            a.vpandd(low, high, CONSTANT);
            a.vpsrld(high, high, 4);
            a.vpandd(high, high, CONSTANT);
            products(low, j);
            products(high, PAIRS / 2 + j);
        }
    }

    private void products(int weights, int pair) {
        for (int t = 0; t < width; t++) {
            a.vpdpbusdBroadcast(BLOCK_SUMS + t, weights, Mem.at(R10, t * BlockFormat.BLOCK + pair * COLUMNS));
        }
    }

    /** One token's products take as long as weights take to arrive: asked for this early, they come up to twice as fast. */
    private void prefetch() {
        for (int i = 0; i < format.panelBlockBytes(); i += ROW) {
            a.prefetcht0(Mem.at(RDX, AHEAD + i));
        }
        a.prefetcht0(Mem.at(RSI, AHEAD / format.panelBlockBytes() * PackedMatrix.PANEL * Short.BYTES));
    }
}
