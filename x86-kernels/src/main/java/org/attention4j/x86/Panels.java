package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RBP;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * The frame of functions {@code f(task, i)} that go through the {@code i}th share of panels. For each panel R8 is where its integers
 * begin, R9 its scales, R10 all activations, R11 the panel's results of the first token, RBP the bytes from one token's to the
 * next one's, R14 the number of tokens, and mask 1 says which of its rows there are. RAX, RCX, RDX, RSI, RDI and R15 are free.
 */
final class Panels {
    private static final int RESULT_BYTES = PackedMatrix.PANEL * Float.BYTES;

    private final Assembler a;
    private final Shares shares;

    Panels(Assembler a) {
        this.a = a;
        this.shares = new Shares(a);
    }

    /** Enters the function; RSI still is i. */
    void begin() {
        shares.begin(Task.SHARE, Task.PANELS);
    }

    Mem field(Task field) {
        return shares.field(field);
    }

    void eachPanel(Runnable body) {
        shares.each(() -> {
            element(R8, Task.QUANTS, Task.PANEL_BYTES);
            element(R9, Task.SCALES, Task.PANEL_SCALE_BYTES);
            a.mov(R10, field(Task.ACTIVATIONS));
            a.mov(R11, R12);
            a.shl(R11, Integer.numberOfTrailingZeros(RESULT_BYTES));
            a.add(R11, field(Task.Y));
            a.mov(RBP, field(Task.Y_ROW_BYTES));
            a.mov(R14, field(Task.TOKENS));
            mask();
            body.run();
        });
    }

    /** Where the panel's part of an array lies. */
    private void element(Gpr to, Task array, Task bytes) {
        a.mov(to, R12);
        a.imul(to, field(bytes));
        a.add(to, field(array));
    }

    private void mask() {
        Label whole = new Label();
        a.mov(RAX, -1);
        a.lea(R15, Mem.at(R12, 1));
        a.cmp(R15, field(Task.PANELS));
        a.jl(whole);
        a.mov(RAX, field(Task.LAST_MASK));
        a.place(whole);
        a.kmovw(1, RAX);
    }

    /** Stores a group's results, one register for each token; of the last token it goes to {@code done}. */
    void store(int registers, int tokens, Label done) {
        for (int t = 0; t < tokens; t++) {
            a.vmovupsMasked(Mem.at(R11, 0), registers + t, 1);
            a.add(R11, RBP);
            a.sub(R14, 1);
            a.jle(done);
        }
    }

    void end() {
        shares.end();
    }
}
