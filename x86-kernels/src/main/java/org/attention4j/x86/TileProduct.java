package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;
import static org.attention4j.x86.asm.Gpr.RSP;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * Products of a panel's 16 rows and 16 tokens with AMX: for each block of 32 columns one product of matrices of bytes, whose sums are
 * then scaled and added in F32, as {@link VectorProduct} does.
 */
final class TileProduct {
    static final int WIDTH = 16;

    /** What LDTILECFG reads. */
    static final int CONFIGURATION_BYTES = 64;

    private static final int ROW = 64;
    private static final int TILE_BYTES = WIDTH * ROW;
    private static final int GROUPS = BlockFormat.BLOCK / 4;

    // Tiles.
    private static final int SUMS = 0;
    private static final int TOKENS = 2;
    private static final int WEIGHTS = 4;
    private static final int TILES = 2;
    private static final int BUFFERS = 4;
    private static final int AHEAD = 2;

    // Vector registers; those below 16 are the tokens' sums.
    private static final int SCALES = 16;
    private static final int SCALED = 18;
    private static final int NIBBLES = 30;
    private static final int EIGHTS = 31;

    private TileProduct() {}

    /** Palette 1; of each tile the bytes of a row, and the rows. */
    static byte[] configuration() {
        byte[] c = new byte[CONFIGURATION_BYTES];
        c[0] = 1;
        for (int i = 0; i < TILES; i++) {
            tile(c, SUMS + i, WIDTH, ROW);
            tile(c, TOKENS + i, WIDTH, BlockFormat.BLOCK);
            tile(c, WEIGHTS + i, GROUPS, ROW);
        }
        return c;
    }

    private static void tile(byte[] configuration, int tile, int rows, int rowBytes) {
        configuration[16 + 2 * tile] = (byte) rowBytes;
        configuration[48 + tile] = (byte) rows;
    }

    /** Bytes that one call needs for itself. */
    static long ownBytes(PackedMatrix weights) {
        return weights.format() == BlockFormat.Q8_0 ? 0 : weights.blocks() * GROUPS * ROW;
    }

    /** {@code f(task, i)}: the {@code i}th share of panels with all tokens. */
    static byte[] code(BlockFormat format) {
        Assembler a = new Assembler();
        Panels panels = new Panels(a);
        panels.begin();
        // On the stack: the sums of two blocks, and where the call's own memory is.
        int own = BUFFERS * TILE_BYTES;
        a.mov(RAX, RSP);
        a.sub(RSP, own + ROW);
        a.and(RSP, -ROW);
        a.mov(Mem.at(RSP, own + Long.BYTES), RAX);
        a.imul(RSI, panels.field(Task.OWN_BYTES));
        a.add(RSI, panels.field(Task.OWN));
        a.mov(Mem.at(RSP, own), RSI);
        a.ldtilecfg(panels.field(Task.TILES));
        a.mov(R15, ROW);
        a.mov(RDI, BlockFormat.BLOCK);
        Label group = new Label();
        Label rest = new Label();
        panels.eachPanel(() -> {
            if (format == BlockFormat.Q4_0) {
                unpack(a, panels, Mem.at(RSP, own));
            }
            a.mov(R15, ROW);
            a.place(group);
            a.mov(RDX, R8);
            a.mov(RSI, R9);
            a.mov(RCX, panels.field(Task.BLOCKS));
            for (int t = 0; t < WIDTH; t++) {
                a.vpxord(t, t, t);
            }
            blocks(a);
            panels.store(0, WIDTH, rest);
            a.jmp(group);
            a.place(rest);
        });
        a.tilerelease();
        a.mov(RSP, Mem.at(RSP, own + Long.BYTES));
        panels.end();
        return a.bytes();
    }

    /**
     * Loads of what a tile's store has written wait until that store is done, so sums are scaled {@link #AHEAD} blocks after they were
     * multiplied. RDX: the integers to multiply next, R10: their activations; RSI: the scales of the sums to scale next, RAX: their
     * activations; RCX: how many blocks are left to scale.
     */
    private static void blocks(Assembler a) {
        a.mov(RAX, R10);
        for (int i = 0; i < AHEAD; i++) {
            multiplyIfAny(a, i, i);
        }
        Label next = new Label();
        Label done = new Label();
        a.place(next);
        for (int buffer = 0; buffer < BUFFERS; buffer++) {
            multiplyIfAny(a, AHEAD, (buffer + AHEAD) % BUFFERS);
            scale(a, buffer);
            a.sub(RCX, 1);
            a.jle(done);
        }
        a.jmp(next);
        a.place(done);
    }

    /** Unless no more than {@code ahead} blocks are left. */
    private static void multiplyIfAny(Assembler a, int ahead, int buffer) {
        Label none = new Label();
        a.cmp(RCX, ahead);
        a.jle(none);
        int tile = buffer % 2;
        a.tilezero(SUMS + tile);
        a.tileloadd(TOKENS + tile, Mem.at(R10, RDI, 1, 0));
        a.tileloadd(WEIGHTS + tile, Mem.at(RDX, R15, 1, 0));
        a.tdpbssd(SUMS + tile, TOKENS + tile, WEIGHTS + tile);
        a.tilestored(Mem.at(RSP, R15, 1, buffer * TILE_BYTES), SUMS + tile);
        a.add(RDX, GROUPS * ROW);
        a.add(R10, Activations.blockBytes(WIDTH));
        a.place(none);
    }

    private static void scale(Assembler a, int buffer) {
        int scales = SCALES + buffer % 2;
        a.vcvtph2ps(scales, Mem.at(RSI, 0));
        for (int t = 0; t < WIDTH; t++) {
            int scaled = SCALED + t % 8;
            a.vcvtdq2ps(scaled, Mem.at(RSP, buffer * TILE_BYTES + t * ROW));
            a.vmulps(scaled, scaled, scales);
            a.vfmadd231psBroadcast(t, scaled, Mem.at(RAX, Activations.scaleAt(WIDTH, t)));
        }
        a.add(RSI, PackedMatrix.PANEL * Short.BYTES);
        a.add(RAX, Activations.blockBytes(WIDTH));
    }

    /** The panel's integers as bytes, in the call's own memory; R8 then points there. */
    private static void unpack(Assembler a, Panels panels, Mem own) {
        a.mov(RAX, 0x0f0f0f0f);
        a.vpbroadcastd(NIBBLES, RAX);
        a.mov(RAX, 0x08080808);
        a.vpbroadcastd(EIGHTS, RAX);
        a.mov(RDX, own);
        a.mov(RCX, panels.field(Task.BLOCKS));
        Label block = new Label();
        a.place(block);
        for (int j = 0; j < GROUPS / 2; j++) {
            int high = 2 * j;
            int low = high + 1;
            a.vmovups(high, Mem.at(R8, j * ROW));
            a.vpandd(low, high, NIBBLES);
            a.vpsrld(high, high, 4);
            a.vpandd(high, high, NIBBLES);
            a.vpsubb(low, low, EIGHTS);
            a.vpsubb(high, high, EIGHTS);
            a.vmovups(Mem.at(RDX, j * ROW), low);
            a.vmovups(Mem.at(RDX, (GROUPS / 2 + j) * ROW), high);
        }
        a.add(R8, BlockFormat.Q4_0.panelBlockBytes());
        a.add(RDX, GROUPS * ROW);
        a.sub(RCX, 1);
        a.jne(block);
        a.mov(R8, own);
    }
}
