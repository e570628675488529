package org.attention4j.x86.asm;

/**
 * The instructions of x86-64 that kernels here are made of: a few on general registers, which {@link GeneralAssembler} has, AVX-512 and its VNNI on registers of 512 bits
 * unless their names say less, and AMX. Each method appends one instruction, named as in Intel's Software Developer's Manual; the
 * destination comes first.
 */
public final class Assembler extends GeneralAssembler {
    private static Code map1(int pp, int opcode) {
        return new Code(1, pp, opcode);
    }

    private static Code map2(int pp, int opcode) {
        return new Code(2, pp, opcode);
    }

    private static Code map3(int opcode) {
        return new Code(3, P66, opcode);
    }

    // AVX-512.

    public void vmovups(int to, Mem from) {
        evex(map1(NONE, 0x10), Form.ZMM, to, 0, from, 64);
    }

    public void vmovups(Mem to, int from) {
        evex(map1(NONE, 0x11), Form.ZMM, from, 0, to, 64);
    }

    /** Those lanes that the mask register has. */
    public void vmovupsMasked(Mem to, int from, int mask) {
        evex(map1(NONE, 0x11), Form.masked(mask), from, 0, to, 64);
    }

    /** Those lanes that the mask register has; the others become 0. */
    public void vmovupsMasked(int to, Mem from, int mask) {
        evex(map1(NONE, 0x10), Form.zeroing(mask), to, 0, from, 64);
    }

    public void vmovd(Mem to, int from) {
        evex(map1(P66, 0x7e), new Form(Width.XMM, false, 0, false), from, 0, to, 4);
    }

    public void vpbroadcastd(int to, Mem from) {
        evex(map2(P66, 0x58), Form.ZMM, to, 0, from, 4);
    }

    public void vbroadcastss(int to, Mem from) {
        evex(map2(P66, 0x18), Form.ZMM, to, 0, from, 4);
    }

    public void vpbroadcastd(int to, Gpr from) {
        evex(map2(P66, 0x7c), Form.ZMM, to, 0, from.code());
    }

    /** Adds to each lane of {@code to} the products of its four unsigned bytes in {@code u} and the four signed ones at {@code s}. */
    public void vpdpbusdBroadcast(int to, int u, Mem s) {
        evex(map2(P66, 0x50), Form.BROADCAST, to, u, s, 4);
    }

    public void vcvtdq2ps(int to, int from) {
        evex(map1(NONE, 0x5b), Form.ZMM, to, 0, from);
    }

    public void vcvtdq2ps(int to, Mem from) {
        evex(map1(NONE, 0x5b), Form.ZMM, to, 0, from, 64);
    }

    public void vcvtps2dq(int to, int from) {
        evex(map1(P66, 0x5b), Form.ZMM, to, 0, from);
    }

    public void vcvtph2ps(int to, Mem from) {
        evex(map2(P66, 0x13), Form.ZMM, to, 0, from, 32);
    }

    /** From the lower half of {@code from}. */
    public void vcvtph2ps(int to, int from) {
        evex(map2(P66, 0x13), Form.ZMM, to, 0, from);
    }

    /** 16 signed bytes. */
    public void vpmovsxbd(int to, Mem from) {
        evex(map2(P66, 0x21), Form.ZMM, to, 0, from, 16);
    }

    /** 16 unsigned bytes. */
    public void vpmovzxbd(int to, Mem from) {
        evex(map2(P66, 0x31), Form.ZMM, to, 0, from, 16);
    }

    /** Stores 16 lanes as signed bytes. */
    public void vpmovsdb(Mem to, int from) {
        evex(map2(PF3, 0x21), Form.ZMM, from, 0, to, 16);
    }

    public void vmulps(int to, int a, int b) {
        evex(map1(NONE, 0x59), Form.ZMM, to, a, b);
    }

    public void vmulpsBroadcast(int to, int a, Mem b) {
        evex(map1(NONE, 0x59), Form.BROADCAST, to, a, b, 4);
    }

    public void vaddps(int to, int a, int b) {
        evex(map1(NONE, 0x58), Form.ZMM, to, a, b);
    }

    public void vsubps(int to, int a, int b) {
        evex(map1(NONE, 0x5c), Form.ZMM, to, a, b);
    }

    /** Where one of two is NaN, {@code b}. */
    public void vminps(int to, int a, int b) {
        evex(map1(NONE, 0x5d), Form.ZMM, to, a, b);
    }

    /** Where one of two is NaN, {@code b}. */
    public void vmaxps(int to, int a, int b) {
        evex(map1(NONE, 0x5f), Form.ZMM, to, a, b);
    }

    /** Rounds to the nearest integers, halves to even ones. */
    public void vrndscaleps(int to, int from) {
        evex(map3(0x08), Form.ZMM, to, 0, from);
        bytes(0x08);
    }

    /** {@code a · 2^b}. */
    public void vscalefps(int to, int a, int b) {
        evex(map2(P66, 0x2c), Form.ZMM, to, a, b);
    }

    public void vdivps(int to, int a, int b) {
        evex(map1(NONE, 0x5e), Form.ZMM, to, a, b);
    }

    public void vsqrtps(int to, int from) {
        evex(map1(NONE, 0x51), Form.ZMM, to, 0, from);
    }

    public void vpmaxsd(int to, int a, int b) {
        evex(map2(P66, 0x3d), Form.ZMM, to, a, b);
    }

    public void vfmadd231ps(int to, int a, int b) {
        evex(map2(P66, 0xb8), Form.ZMM, to, a, b);
    }

    public void vfmadd231psBroadcast(int to, int a, Mem b) {
        evex(map2(P66, 0xb8), Form.BROADCAST, to, a, b, 4);
    }

    /** {@code to = a · to + b}. */
    public void vfmadd213psBroadcast(int to, int a, Mem b) {
        evex(map2(P66, 0xa8), Form.BROADCAST, to, a, b, 4);
    }

    public void vpaddd(int to, int a, int b) {
        evex(map1(P66, 0xfe), Form.ZMM, to, a, b);
    }

    public void vpmulld(int to, int a, int b) {
        evex(map2(P66, 0x40), Form.ZMM, to, a, b);
    }

    public void vpsubb(int to, int a, int b) {
        evex(map1(P66, 0xf8), Form.ZMM, to, a, b);
    }

    public void vpandd(int to, int a, int b) {
        evex(map1(P66, 0xdb), Form.ZMM, to, a, b);
    }

    public void vpandd(int to, int a, Mem b) {
        evex(map1(P66, 0xdb), Form.ZMM, to, a, b, 64);
    }

    public void vpxord(int to, int a, int b) {
        evex(map1(P66, 0xef), Form.ZMM, to, a, b);
    }

    public void vpxord(int to, int a, Mem b) {
        evex(map1(P66, 0xef), Form.ZMM, to, a, b, 64);
    }

    public void vpord(int to, int a, int b) {
        evex(map1(P66, 0xeb), Form.ZMM, to, a, b);
    }

    public void vpsrld(int to, int from, int bits) {
        evex(map1(P66, 0x72), Form.ZMM, 2, to, from);
        bytes(bits);
    }

    /** Quarters of 128 bits by their numbers in {@code order}: the lower two of {@code a}, the upper two of {@code b}. */
    public void vshuff32x4(int to, int a, int b, int order) {
        evex(map3(0x23), Form.ZMM, to, a, b);
        bytes(order);
    }

    /** Lanes inside of each quarter by their numbers in {@code order}. */
    public void vpermilps(int to, int from, int order) {
        evex(map3(0x04), Form.ZMM, to, 0, from);
        bytes(order);
    }

    /** The low 16 bits of a general register as a mask register. */
    public void kmovw(int mask, Gpr from) {
        int b = from.code() >> 3;
        bytes(0xc4, 0xc1 | (~b & 1) << 5, 0x78, 0x92, 0xc0 | mask << 3 | (from.code() & 7));
    }

    /** Ends a function that used vector registers. */
    public void vzeroupper() {
        bytes(0xc5, 0xf8, 0x77);
    }

    // AMX.

    public void ldtilecfg(Mem m) {
        vex(NONE, 0x49, 0, m);
    }

    public void tilerelease() {
        bytes(0xc4, 0xe2, 0x78, 0x49, 0xc0);
    }

    public void tilezero(int tile) {
        vex(PF2, 0x49, tile, 0, 0);
    }

    /** Rows at {@code rows.base}, {@code rows.index} bytes apart. */
    public void tileloadd(int tile, Mem rows) {
        vex(PF2, 0x4b, tile, rows);
    }

    public void tilestored(Mem rows, int tile) {
        vex(PF3, 0x4b, tile, rows);
    }

    /** Adds the products of signed bytes of {@code a} and signed ones of {@code b}. */
    public void tdpbssd(int to, int a, int b) {
        vex(PF2, 0x5e, to, b, a);
    }
}
