package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R13;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.RBP;
import static org.attention4j.x86.asm.Gpr.RBX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/** The frame of functions {@code f(task, i)} that go through the {@code i}th share of some units. RBX is the task, R12 the unit. */
final class Shares {
    private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14, R15};

    private final Assembler a;

    Shares(Assembler a) {
        this.a = a;
    }

    /**
     * Enters the function.
     *
     * @param share how many units one call goes through
     * @param units how many there are
     */
    void begin(Field share, Field units) {
        for (Gpr r : KEPT) {
            a.push(r);
        }
        a.mov(RBX, RDI);
        a.mov(R12, RSI);
        a.imul(R12, field(share));
        a.mov(R13, R12);
        a.add(R13, field(share));
        Label few = new Label();
        a.cmp(R13, field(units));
        a.jle(few);
        a.mov(R13, field(units));
        a.place(few);
    }

    Mem field(Field field) {
        return field.in(RBX);
    }

    /** Runs {@code body} for each unit; it keeps RBX, R12 and R13. */
    void each(Runnable body) {
        Label unit = new Label();
        Label done = new Label();
        a.place(unit);
        a.cmp(R12, R13);
        a.jge(done);
        body.run();
        a.add(R12, 1);
        a.jmp(unit);
        a.place(done);
    }

    /** Returns. */
    void end() {
        a.vzeroupper();
        for (int i = KEPT.length - 1; i >= 0; i--) {
            a.pop(KEPT[i]);
        }
        a.ret();
    }
}
