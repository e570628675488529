package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RSI;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.MappedMemory;

/** A {@link org.attention4j.core.mixer.rwkv.TokenShift} of one token: before it is the state, and then it is the state itself. */
public final class OneTokenShift {
    private static final class Holder {
        private static final long CODE = MappedMemory.code(code()).address();
    }

    private enum Copies implements Field {
        STATE,
        X,
        BEFORE,
        NEXT_STATE,
        BYTES,
        SHARE;

        private static final int TASK_BYTES = values().length * Long.BYTES;
    }

    private OneTokenShift() {}

    /**
     * With inputs and outputs as the op has them; the next state may be where the state is.
     *
     * @param channels entries of x and of the state
     */
    public static OneRow oneRow(long channels) {
        MemorySegment task = Field.task(Copies.TASK_BYTES);
        Copies.BYTES.set(task, channels * Float.BYTES);
        return new OneRow(
                task,
                ImmutableIntArray.of(Copies.STATE.offset(), Copies.X.offset()),
                ImmutableIntArray.of(Copies.BEFORE.offset(), Copies.NEXT_STATE.offset()),
                OneRow.Own.NONE,
                Copies.SHARE.offset(),
                List.of(OneRow.Launch.of(Holder.CODE, 1, 1)));
    }

    private static byte[] code() {
        Assembler a = new Assembler();
        a.mov(RAX, RDI);
        copy(a, Copies.STATE, Copies.BEFORE);
        copy(a, Copies.X, Copies.NEXT_STATE);
        a.ret();
        return a.bytes();
    }

    private static void copy(Assembler a, Copies from, Copies to) {
        a.mov(RSI, from.in(RAX));
        a.mov(RDI, to.in(RAX));
        a.mov(RCX, Copies.BYTES.in(RAX));
        a.repMovsb();
    }
}
