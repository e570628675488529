package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RBP;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.core.tensor.DType;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * Products of a {@link FloatMatrix}'s panels and a few tokens: a register has a column of a panel's 16 rows, and each token's entry is broadcast.
 * If the last tokens are no whole group, some that were computed before are computed again.
 */
final class FloatProductCode {
    /** Tokens of a group at most: enough sums that don't wait for each other. */
    static final int WIDEST = 8;

    private static final int[] WIDTHS = {8, 4, 2, 1};
    private static final int LINE = 64;
    private static final int AHEAD = 4096;

    // Vector registers: the sums, then a column of weights.
    private static final int SUMS = 0;
    private static final int WEIGHTS = 16;

    private final Assembler a = new Assembler();
    private final Panels frame = new Panels(a);
    private final boolean areHalves;
    private final int columnBytes;
    private final int width;
    private final int columns;
    /** For few tokens each has several sums, of columns that are next to each other. */
    private final int sumsOfToken;

    /**
     * What code is made for.
     *
     * @param dtype of the weights
     * @param width tokens of a group
     * @param columns that are multiplied before the loop begins anew: a divisor of all
     */
    record Form(DType dtype, int width, int columns) {
        /** For some tokens, of which there are at least {@code width}. */
        static Form of(DType dtype, long columns, long tokens) {
            int width = 1;
            for (int w : WIDTHS) {
                if (w <= tokens) {
                    width = w;
                    break;
                }
            }
            return new Form(dtype, width, columns % 8 == 0 ? 8 : columns % 4 == 0 ? 4 : 1);
        }
    }

    private FloatProductCode(Form form) {
        this.areHalves = form.dtype == DType.F16;
        this.columnBytes = PackedMatrix.PANEL * form.dtype.blockBytes();
        this.width = form.width;
        this.columns = form.columns;
        this.sumsOfToken = Math.min(columns, WIDEST / width);
    }

    /** {@code f(task, i)}: the {@code i}th share of panels with all tokens; {@link Task#ACTIVATIONS} is x. */
    static byte[] of(Form form) {
        return new FloatProductCode(form).code();
    }

    private byte[] code() {
        frame.begin();
        frame.eachPanel(this::allTokens);
        frame.end();
        return a.bytes();
    }

    private void allTokens() {
        Label group = new Label();
        Label rest = new Label();
        a.place(group);
        whole();
        for (int i = 0; i < width * sumsOfToken; i++) {
            a.vpxord(SUMS + i, SUMS + i, SUMS + i);
        }
        // RAX, RDX and R15 go along tokens 0, 3 and 6; the others are one, two or four rows behind those.
        a.mov(RSI, frame.field(Task.X_ROW_BYTES));
        a.mov(RAX, R10);
        a.lea(RDX, Mem.at(RAX, RSI, 2, 0));
        a.add(RDX, RSI);
        a.lea(R15, Mem.at(RDX, RSI, 2, 0));
        a.add(R15, RSI);
        a.mov(RDI, R8);
        a.mov(RCX, frame.field(Task.BLOCKS));
        Label next = new Label();
        a.place(next);
        for (int c = 0; c < columns; c++) {
            column(c);
        }
        a.add(RDI, columns * columnBytes);
        a.add(RAX, columns * Float.BYTES);
        a.add(RDX, columns * Float.BYTES);
        a.add(R15, columns * Float.BYTES);
        a.sub(RCX, columns);
        a.jne(next);
        for (int t = 0; t < width; t++) {
            for (int i = 1; i < sumsOfToken; i++) {
                a.vaddps(SUMS + t, SUMS + t, SUMS + i * width + t);
            }
        }
        a.mov(RAX, width);
        a.imul(RAX, RSI);
        a.add(R10, RAX);
        frame.store(SUMS, width, rest);
        a.jmp(group);
        a.place(rest);
    }

    /** Goes back to tokens that were computed if fewer are left than a group has. */
    private void whole() {
        Label enough = new Label();
        a.cmp(R14, width);
        a.jge(enough);
        a.mov(RAX, width);
        a.sub(RAX, R14);
        a.mov(R14, width);
        a.mov(RCX, RAX);
        a.imul(RCX, frame.field(Task.X_ROW_BYTES));
        a.sub(R10, RCX);
        a.imul(RAX, RBP);
        a.sub(R11, RAX);
        a.place(enough);
    }

    private void column(int c) {
        if (width == 1 && c * columnBytes % LINE == 0) {
            a.prefetcht0(Mem.at(RDI, AHEAD + c * columnBytes));
        }
        int weights = WEIGHTS + c % 4;
        if (areHalves) {
            a.vcvtph2ps(weights, Mem.at(RDI, c * columnBytes));
        } else {
            a.vmovups(weights, Mem.at(RDI, c * columnBytes));
        }
        for (int t = 0; t < width; t++) {
            a.vfmadd231psBroadcast(SUMS + c % sumsOfToken * width + t, weights, entry(t, c * Float.BYTES));
        }
    }

    private static Mem entry(int token, int disp) {
        return switch (token) {
            case 0 -> Mem.at(RAX, disp);
            case 1 -> Mem.at(RAX, RSI, 1, disp);
            case 2 -> Mem.at(RAX, RSI, 2, disp);
            case 3 -> Mem.at(RDX, disp);
            case 4 -> Mem.at(RAX, RSI, 4, disp);
            case 5 -> Mem.at(RDX, RSI, 2, disp);
            case 6 -> Mem.at(R15, disp);
            case 7 -> Mem.at(RDX, RSI, 4, disp);
            default -> throw new IllegalArgumentException("product: token %d of a group of 8".formatted(token));
        };
    }
}
