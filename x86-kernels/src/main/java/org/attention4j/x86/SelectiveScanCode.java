package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * {@code f(task, i)}: the {@code i}th share of channels of a {@link org.attention4j.core.mixer.mamba.SelectiveScan}. A channel's state stays in
 * registers from its first token to its last.
 */
final class SelectiveScanCode {
    private static final int LANES = 16;
    private static final int VECTOR = LANES * Float.BYTES;
    private static final int TAIL_MASK = 1;

    /** Of a channel. */
    static final int MOST_STATES = 4 * LANES;

    // Vector registers: one for each 16 of a channel's states.
    private static final int STATE = 0;
    private static final int A = 4;
    private static final int DELTA = 8;
    private static final int INPUT = 9;
    private static final int SUM = 10;
    private static final int OTHER = 11;
    private static final int EXPONENT = 12;
    private static final int DECAY = 13;
    private static final int ROUNDED = 14;
    private static final int LOADED = 15;

    private final Assembler a = new Assembler();
    private final Shares frame = new Shares(a);
    private final Exponential exponential = new Exponential(a, R14);
    private final int channels;
    private final int states;
    private final int vectors;

    private SelectiveScanCode(int channels, int states) {
        this.channels = channels;
        this.states = states;
        this.vectors = Math.ceilDiv(states, LANES);
    }

    /** @param states at most {@link #MOST_STATES} */
    static byte[] of(int channels, int states) {
        return new SelectiveScanCode(channels, states).code();
    }

    private byte[] code() {
        frame.begin(ScanTask.SHARE, ScanTask.CHANNELS);
        exponential.begin();
        a.mov(RAX, (2 << ((states - 1) % LANES)) - 1);
        a.kmovw(TAIL_MASK, RAX);
        frame.each(this::channel);
        frame.end();
        exponential.end();
        return a.bytes();
    }

    private void channel() {
        pointer(RSI, ScanTask.STATE, states * Float.BYTES);
        loadAll(STATE, RSI);
        pointer(RSI, ScanTask.A, states * Float.BYTES);
        loadAll(A, RSI);
        pointer(R8, ScanTask.U, Float.BYTES);
        pointer(R9, ScanTask.DELTA, Float.BYTES);
        pointer(RDX, ScanTask.Y, Float.BYTES);
        a.mov(R10, frame.field(ScanTask.B));
        a.mov(R11, frame.field(ScanTask.C));
        a.mov(RCX, frame.field(ScanTask.TOKENS));
        Label token = new Label();
        a.place(token);
        token();
        for (Gpr pointer : new Gpr[] {R8, R9, RDX}) {
            a.add(pointer, channels * Float.BYTES);
        }
        a.add(R10, states * Float.BYTES);
        a.add(R11, states * Float.BYTES);
        a.sub(RCX, 1);
        a.jne(token);
        pointer(RSI, ScanTask.NEXT_STATE, states * Float.BYTES);
        for (int j = 0; j < vectors; j++) {
            if (isTail(j)) {
                a.vmovupsMasked(Mem.at(RSI, j * VECTOR), STATE + j, TAIL_MASK);
            } else {
                a.vmovups(Mem.at(RSI, j * VECTOR), STATE + j);
            }
        }
    }

    /** {@code h = e^(Δ A) h + Δ u B}, {@code y = C h}. */
    private void token() {
        a.vbroadcastss(DELTA, Mem.at(R9, 0));
        a.vmulpsBroadcast(INPUT, DELTA, Mem.at(R8, 0));
        for (int j = 0; j < vectors; j++) {
            a.vmulps(EXPONENT, DELTA, A + j);
            exponential.of(DECAY, EXPONENT, ROUNDED);
            a.vmulps(STATE + j, STATE + j, DECAY);
            load(LOADED, R10, j);
            a.vfmadd231ps(STATE + j, INPUT, LOADED);
            load(LOADED, R11, j);
            if (j == 0) {
                a.vmulps(SUM, STATE, LOADED);
            } else {
                a.vfmadd231ps(SUM, STATE + j, LOADED);
            }
        }
        Lanes.spread(a, SUM, OTHER, (x, y) -> a.vaddps(SUM, x, y));
        a.vmovd(Mem.at(RDX, 0), SUM);
    }

    /** The channel's part of an array. */
    private void pointer(Gpr to, ScanTask array, int channelBytes) {
        a.mov(RAX, channelBytes);
        a.mov(to, R12);
        a.imul(to, RAX);
        a.add(to, frame.field(array));
    }

    private void loadAll(int to, Gpr from) {
        for (int j = 0; j < vectors; j++) {
            load(to + j, from, j);
        }
    }

    private void load(int to, Gpr from, int vector) {
        if (isTail(vector)) {
            a.vmovupsMasked(to, Mem.at(from, vector * VECTOR), TAIL_MASK);
        } else {
            a.vmovups(to, Mem.at(from, vector * VECTOR));
        }
    }

    private boolean isTail(int vector) {
        return states % LANES != 0 && vector == vectors - 1;
    }
}
