package org.attention4j.x86.asm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of x86-64 instructions: prefixes, ModRM, SIB, displacements and jumps, after volume 2 of Intel's Software Developer's Manual.
 * Vector registers are numbers from 0 to 31.
 */
class Encoder {
    private record Jump(int at, Label to) {}

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<Jump> jumps = new ArrayList<>();

    /** The instructions so far.
     *
     * @throws IllegalStateException if a label that is jumped to was never placed */
    public final byte[] bytes() {
        byte[] out = code.toByteArray();
        for (Jump jump : jumps) {
            if (jump.to.at < 0) {
                throw new IllegalStateException(
                        "code: a jump at %d goes to a label that isn't placed".formatted(jump.at));
            }
            int distance = jump.to.at - (jump.at + Integer.BYTES);
            for (int i = 0; i < Integer.BYTES; i++) {
                out[jump.at + i] = (byte) (distance >> (8 * i));
            }
        }
        return out;
    }

    /** Puts a label here. */
    public final void place(Label label) {
        label.at = code.size();
    }

    final void bytes(int... values) {
        Arrays.stream(values).forEach(code::write);
    }

    final void int32(int value) {
        bytes(value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24 & 0xff);
    }

    /** The four bytes of a jump's distance. */
    final void distance(Label to) {
        jumps.add(new Jump(code.size(), to));
        int32(0);
    }

    /** An instruction of general registers with REX.W. */
    final void rex(int reg, Gpr rm, int... opcode) {
        bytes(0x48 | (reg >> 3) << 2 | rm.code() >> 3);
        bytes(opcode);
        bytes(0xc0 | (reg & 7) << 3 | (rm.code() & 7));
    }

    /** An instruction of general registers with REX.W and an address. */
    final void rex(int reg, Mem m, int... opcode) {
        bytes(0x48 | (reg >> 3) << 2 | indexBit(m, 3) << 1 | m.base().code() >> 3);
        bytes(opcode);
        address(reg, m, 1);
    }

    /** An instruction of general registers' lower halves and an address. */
    final void narrow(int reg, Mem m, int... opcode) {
        bytes(0x40 | (reg >> 3) << 2 | indexBit(m, 3) << 1 | m.base().code() >> 3);
        bytes(opcode);
        address(reg, m, 1);
    }

    /** How an instruction is told from others: its opcode map, mandatory prefix, opcode. */
    record Code(int map, int pp, int opcode) {}

    static final int NONE = 0;
    static final int P66 = 1;
    static final int PF3 = 2;
    static final int PF2 = 3;

    /** How many bits an EVEX instruction works on; the values are those of its field L'L. */
    enum Width {
        XMM(0),
        ZMM(2);

        private final int code;

        Width(int code) {
            this.code = code;
        }
    }

    /** What an EVEX instruction says besides its operands. */
    record Form(Width width, boolean broadcasts, int mask, boolean zeroes) {
        static final Form ZMM = new Form(Width.ZMM, false, 0, false);
        static final Form BROADCAST = new Form(Width.ZMM, true, 0, false);

        /** Only the lanes of a mask register. */
        static Form masked(int mask) {
            return new Form(Width.ZMM, false, mask, false);
        }

        /** And zeros elsewhere. */
        static Form zeroing(int mask) {
            return new Form(Width.ZMM, false, mask, true);
        }
    }

    /** EVEX with registers: {@code reg}, {@code v} and {@code rm}. */
    final void evex(Code c, Form form, int reg, int v, int rm) {
        prefix(c, form, reg, v, ~rm >> 4 & 1, ~rm >> 3 & 1);
        bytes(c.opcode, 0xc0 | (reg & 7) << 3 | (rm & 7));
    }

    /**
     * EVEX with an address.
     *
     * @param unit what a displacement of one byte counts in
     */
    final void evex(Code c, Form form, int reg, int v, Mem m, int unit) {
        prefix(c, form, reg, v, ~indexBit(m, 3) & 1, ~m.base().code() >> 3 & 1);
        bytes(c.opcode);
        address(reg, m, unit);
    }

    private void prefix(Code c, Form form, int reg, int v, int x, int b) {
        bytes(
                0x62,
                (~reg >> 3 & 1) << 7 | x << 6 | b << 5 | (~reg >> 4 & 1) << 4 | c.map,
                (~v & 0xf) << 3 | 4 | c.pp,
                (form.zeroes ? 0x80 : 0)
                        | form.width.code << 5
                        | (form.broadcasts ? 0x10 : 0)
                        | (~v >> 4 & 1) << 3
                        | form.mask);
    }

    /** VEX.128 of map 0F38 with registers below 8. */
    final void vex(int pp, int opcode, int reg, int v, int rm) {
        bytes(0xc4, 0xe2, (~v & 0xf) << 3 | pp, opcode, 0xc0 | reg << 3 | rm);
    }

    /** VEX.128 of map 0F38 with an address. */
    final void vex(int pp, int opcode, int reg, Mem m) {
        bytes(0xc4, 0x80 | (~indexBit(m, 3) & 1) << 6 | (~m.base().code() >> 3 & 1) << 5 | 2, 0xf << 3 | pp, opcode);
        address(reg, m, 1);
    }

    private static int indexBit(Mem m, int bit) {
        return m.index().map(i -> i.code() >> bit & 1).orElse(0);
    }

    private void address(int reg, Mem m, int unit) {
        boolean isShort =
                m.disp() % unit == 0 && m.disp() / unit >= Byte.MIN_VALUE && m.disp() / unit <= Byte.MAX_VALUE;
        int base = m.base().code() & 7;
        boolean hasSib = m.index().isPresent() || base == 4;
        bytes((isShort ? 0x40 : 0x80) | (reg & 7) << 3 | (hasSib ? 4 : base));
        if (hasSib) {
            int index = m.index().map(i -> i.code() & 7).orElse(4);
            bytes(Integer.numberOfTrailingZeros(m.scale()) << 6 | index << 3 | base);
        }
        if (isShort) {
            bytes(m.disp() / unit & 0xff);
        } else {
            int32(m.disp());
        }
    }
}
