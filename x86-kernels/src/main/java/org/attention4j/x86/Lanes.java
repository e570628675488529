package org.attention4j.x86;

import org.attention4j.x86.asm.Assembler;

/** Merges a register's lanes. */
final class Lanes {
    private Lanes() {}

    /** Merges two registers lane by lane, and puts the result in the first place. */
    @FunctionalInterface
    interface Merge {
        void of(int x, int y);
    }

    /** Merges all lanes of {@code register}, the result in each; {@code other} is overwritten. */
    static void spread(Assembler a, int register, int other, Merge merge) {
        a.vshuff32x4(other, register, register, 0b01_00_11_10);
        merge.of(register, other);
        a.vshuff32x4(other, register, register, 0b10_11_00_01);
        merge.of(register, other);
        a.vpermilps(other, register, 0b01_00_11_10);
        merge.of(register, other);
        a.vpermilps(other, register, 0b10_11_00_01);
        merge.of(register, other);
    }
}
