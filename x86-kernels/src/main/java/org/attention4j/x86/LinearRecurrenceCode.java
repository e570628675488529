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
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;
import static org.attention4j.x86.asm.Gpr.RSP;

import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * {@code f(task, i)}: the {@code i}th share of heads of a {@link LinearRecurrence}, token by token. A head's state stays in the processor's
 * nearest cache from its first token to its last; up to 64 of its columns are in work at once, 16 in a register, and of each row the
 * numbers of the token are broadcast, so that no lanes have to be added up.
 */
final class LinearRecurrenceCode {
    private static final int LANES = 16;
    private static final int VECTOR = LANES * Float.BYTES;
    private static final int MOST_VECTORS = 4;
    private static final int TAIL_MASK = 1;
    private static final int KEY_MASK = 2;

    // Vector registers: one for each 16 columns.
    private static final int Y = 0;
    private static final int REMOVED = 4;
    private static final int VALUES = 8;
    private static final int STATE = 12;
    private static final int OTHER_REMOVED = 16;
    // One number in all lanes.
    private static final int QUERY = 20;
    private static final int KEY = 21;
    private static final int FACTOR = 22;
    private static final int WRITE = 23;
    private static final int REMOVE = 24;
    private static final int SELF = 25;
    private static final int SCALE = 26;
    // For numbers of 16 rows.
    private static final int ROWS = 28;
    private static final int MORE_ROWS = 29;
    private static final int OTHER_ROWS = 30;

    private final Assembler a = new Assembler();
    private final Shares frame = new Shares(a);
    // R13 and RAX, which the frame and loops over rows need, are not free; the pool is looked up for each token.
    private final Exponential exponential = new Exponential(a, RAX);
    private final LinearRecurrence op;
    private final int heads;
    private final int keyDim;
    private final int valueDim;

    private LinearRecurrenceCode(LinearRecurrence op, int heads, int keyDim, int valueDim) {
        this.op = op;
        this.heads = heads;
        this.keyDim = keyDim;
        this.valueDim = valueDim;
    }

    static byte[] of(LinearRecurrence op, int heads, int keyDim, int valueDim) {
        return new LinearRecurrenceCode(op, heads, keyDim, valueDim).code();
    }

    private byte[] code() {
        frame.begin(RecurrenceTask.SHARE, RecurrenceTask.HEADS);
        a.sub(RSP, stackBytes());
        a.mov(RAX, Float.floatToRawIntBits((float) op.scale()));
        a.vpbroadcastd(SCALE, RAX);
        mask(KEY_MASK, keyDim);
        mask(TAIL_MASK, valueDim);
        frame.each(() -> {
            for (int first = 0; first < valueDim; first += MOST_VECTORS * LANES) {
                columns(first, Math.min(valueDim - first, MOST_VECTORS * LANES));
            }
        });
        a.add(RSP, stackBytes());
        frame.end();
        exponential.end();
        return a.bytes();
    }

    /** The stack has the factors of a token's rows. */
    private int stackBytes() {
        return op.decay() == Decay.KEY ? Math.ceilDiv(keyDim, LANES) * VECTOR : 0;
    }

    private void mask(int mask, int size) {
        a.mov(RAX, (2 << ((size - 1) % LANES)) - 1);
        a.kmovw(mask, RAX);
    }

    /** All tokens with some columns of the state. */
    private void columns(int first, int count) {
        int vectors = Math.ceilDiv(count, LANES);
        int stateBytes = keyDim * valueDim * Float.BYTES;
        pointer(RSI, RecurrenceTask.STATE, stateBytes, first);
        pointer(RDI, RecurrenceTask.NEXT_STATE, stateBytes, first);
        pointer(R8, RecurrenceTask.QUERY, keyDim * Float.BYTES, 0);
        pointer(R9, RecurrenceTask.KEY, keyDim * Float.BYTES, 0);
        pointer(R10, RecurrenceTask.VALUE, valueDim * Float.BYTES, first);
        pointer(R11, RecurrenceTask.Y, valueDim * Float.BYTES, first);
        if (op.decay() != Decay.NONE) {
            pointer(RDX, RecurrenceTask.LOG_DECAY, decayBytes(), 0);
        }
        if (op.lowRank()) {
            pointer(R14, RecurrenceTask.REMOVE, keyDim * Float.BYTES, 0);
            pointer(R15, RecurrenceTask.WRITE, keyDim * Float.BYTES, 0);
        }
        a.mov(RCX, frame.field(RecurrenceTask.TOKENS));
        Label token = new Label();
        a.place(token);
        token(vectors, count % LANES != 0);
        a.mov(RSI, RDI);
        advance(keyDim * Float.BYTES, R8, R9);
        advance(valueDim * Float.BYTES, R10, R11);
        if (op.decay() != Decay.NONE) {
            advance(decayBytes(), RDX);
        }
        if (op.lowRank()) {
            advance(keyDim * Float.BYTES, R14, R15);
        }
        a.sub(RCX, 1);
        a.jne(token);
    }

    /** The head's part of an array. */
    private void pointer(Gpr to, RecurrenceTask array, int headBytes, int firstColumn) {
        a.mov(RAX, headBytes);
        a.mov(to, R12);
        a.imul(to, RAX);
        a.add(to, frame.field(array));
        a.add(to, firstColumn * Float.BYTES);
    }

    private void advance(int headBytes, Gpr... pointers) {
        for (Gpr pointer : pointers) {
            a.add(pointer, heads * headBytes);
        }
    }

    private int decayBytes() {
        return op.decay() == Decay.HEAD ? Float.BYTES : keyDim * Float.BYTES;
    }

    private void token(int vectors, boolean hasTail) {
        factors();
        if (op.readBefore()) {
            self();
        }
        if (op.lowRank()) {
            removed(vectors, hasTail);
        }
        for (int j = 0; j < vectors; j++) {
            load(VALUES + j, Mem.at(R10, j * VECTOR), hasTail && j == vectors - 1);
            a.vpxord(Y + j, Y + j, Y + j);
        }
        eachRow(1, () -> row(vectors, hasTail));
        for (int j = 0; j < vectors; j++) {
            if (op.readBefore()) {
                a.vfmadd231ps(Y + j, SELF, VALUES + j);
            }
            a.vmulps(Y + j, Y + j, SCALE);
            store(Mem.at(R11, j * VECTOR), Y + j, hasTail && j == vectors - 1);
        }
    }

    /** e to the decays: in {@link #FACTOR}, or for each row on the stack. */
    private void factors() {
        if (op.decay() == Decay.NONE) {
            return;
        }
        exponential.begin();
        if (op.decay() == Decay.HEAD) {
            a.vbroadcastss(ROWS, Mem.at(RDX, 0));
            exponential.of(FACTOR, ROWS, OTHER_ROWS);
            return;
        }
        for (int d = 0; d < keyDim; d += LANES) {
            load(ROWS, Mem.at(RDX, d * Float.BYTES), keyDim - d < LANES, KEY_MASK);
            exponential.of(MORE_ROWS, ROWS, OTHER_ROWS);
            a.vmovups(Mem.at(RSP, d * Float.BYTES), MORE_ROWS);
        }
    }

    /** {@code Σ q u k}. */
    private void self() {
        pointer(RBP, RecurrenceTask.BONUS, keyDim * Float.BYTES, 0);
        a.vpxord(SELF, SELF, SELF);
        for (int d = 0; d < keyDim; d += LANES) {
            boolean isTail = keyDim - d < LANES;
            load(ROWS, Mem.at(R8, d * Float.BYTES), isTail, KEY_MASK);
            load(MORE_ROWS, Mem.at(R9, d * Float.BYTES), isTail, KEY_MASK);
            load(OTHER_ROWS, Mem.at(RBP, d * Float.BYTES), isTail, KEY_MASK);
            a.vmulps(ROWS, ROWS, MORE_ROWS);
            a.vfmadd231ps(SELF, ROWS, OTHER_ROWS);
        }
        Lanes.spread(a, SELF, ROWS, (x, y) -> a.vaddps(SELF, x, y));
    }

    /** {@code aᵀ S}, in two sums each, so that fewer additions wait for each other. */
    private void removed(int vectors, boolean hasTail) {
        for (int j = 0; j < vectors; j++) {
            a.vpxord(REMOVED + j, REMOVED + j, REMOVED + j);
            a.vpxord(OTHER_REMOVED + j, OTHER_REMOVED + j, OTHER_REMOVED + j);
        }
        int together = keyDim % 2 == 0 ? 2 : 1;
        eachRow(together, () -> {
            for (int r = 0; r < together; r++) {
                a.vbroadcastss(REMOVE, Mem.at(R14, RBP, 1, r * Float.BYTES));
                for (int j = 0; j < vectors; j++) {
                    Mem from = Mem.at(RSI, RAX, 1, r * valueDim * Float.BYTES + j * VECTOR);
                    load(STATE + j, from, hasTail && j == vectors - 1);
                    a.vfmadd231ps((r == 0 ? REMOVED : OTHER_REMOVED) + j, REMOVE, STATE + j);
                }
            }
        });
        for (int j = 0; j < vectors; j++) {
            a.vaddps(REMOVED + j, REMOVED + j, OTHER_REMOVED + j);
        }
    }

    /** Runs {@code body} for rows, some together: RBP is a row's offset in keys, RAX in the state. */
    private void eachRow(int together, Runnable body) {
        a.mov(RBP, 0);
        a.mov(RAX, 0);
        Label row = new Label();
        a.place(row);
        body.run();
        a.add(RBP, together * Float.BYTES);
        a.add(RAX, together * valueDim * Float.BYTES);
        a.cmp(RBP, keyDim * Float.BYTES);
        a.jl(row);
    }

    private void row(int vectors, boolean hasTail) {
        a.vbroadcastss(QUERY, Mem.at(R8, RBP, 1, 0));
        a.vbroadcastss(KEY, Mem.at(R9, RBP, 1, 0));
        if (op.decay() == Decay.KEY) {
            a.vbroadcastss(FACTOR, Mem.at(RSP, RBP, 1, 0));
        }
        if (op.lowRank()) {
            a.vbroadcastss(WRITE, Mem.at(R15, RBP, 1, 0));
        }
        for (int j = 0; j < vectors; j++) {
            boolean isTail = hasTail && j == vectors - 1;
            int state = STATE + j;
            load(state, Mem.at(RSI, RAX, 1, j * VECTOR), isTail);
            if (op.readBefore()) {
                a.vfmadd231ps(Y + j, QUERY, state);
            }
            if (op.decay() != Decay.NONE) {
                a.vmulps(state, state, FACTOR);
            }
            if (op.lowRank()) {
                a.vfmadd231ps(state, WRITE, REMOVED + j);
            }
            a.vfmadd231ps(state, KEY, VALUES + j);
            store(Mem.at(RDI, RAX, 1, j * VECTOR), state, isTail);
            if (!op.readBefore()) {
                a.vfmadd231ps(Y + j, QUERY, state);
            }
        }
    }

    private void load(int to, Mem from, boolean isTail) {
        load(to, from, isTail, TAIL_MASK);
    }

    private void load(int to, Mem from, boolean isTail, int mask) {
        if (isTail) {
            a.vmovupsMasked(to, from, mask);
        } else {
            a.vmovups(to, from);
        }
    }

    private void store(Mem to, int from, boolean isTail) {
        if (isTail) {
            a.vmovupsMasked(to, from, TAIL_MASK);
        } else {
            a.vmovups(to, from);
        }
    }
}
