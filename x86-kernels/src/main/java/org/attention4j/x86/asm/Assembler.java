package org.attention4j.x86.asm;

/**
 * The instructions of x86-64 that kernels here are made of: a few on general registers, AVX-512 and its VNNI on registers of 512 bits
 * unless their names say less, and AMX. Each method appends one instruction, named as in Intel's Software Developer's Manual; the
 * destination comes first.
 */
public final class Assembler extends Encoder {
    private static Code map1(int pp, int opcode) {
        return new Code(1, pp, opcode);
    }

    private static Code map2(int pp, int opcode) {
        return new Code(2, pp, opcode);
    }

    private static Code map3(int opcode) {
        return new Code(3, P66, opcode);
    }

    // General registers, 64 bits.

    public void mov(Gpr to, Gpr from) {
        rex(from.code(), to, 0x89);
    }

    public void mov(Gpr to, Mem from) {
        rex(to.code(), from, 0x8b);
    }

    public void mov(Mem to, Gpr from) {
        rex(from.code(), to, 0x89);
    }

    /** {@code value} is sign-extended. */
    public void mov(Gpr to, int value) {
        rex(0, to, 0xc7);
        int32(value);
    }

    /** 32 bits; the register's upper half becomes 0. */
    public void mov32(Gpr to, Mem from) {
        narrow(to.code(), from, 0x8b);
    }

    public void mov32(Mem to, Gpr from) {
        narrow(from.code(), to, 0x89);
    }

    /** 16 bits; the rest of the register becomes 0. */
    public void movzx16(Gpr to, Mem from) {
        narrow(to.code(), from, 0x0f, 0xb7);
    }

    public void mov16(Mem to, Gpr from) {
        bytes(0x66);
        narrow(from.code(), to, 0x89);
    }

    public void lea(Gpr to, Mem address) {
        rex(to.code(), address, 0x8d);
    }

    public void add(Gpr to, Gpr from) {
        rex(from.code(), to, 0x01);
    }

    public void add(Gpr to, int value) {
        rex(0, to, 0x81);
        int32(value);
    }

    public void add(Gpr to, Mem from) {
        rex(to.code(), from, 0x03);
    }

    public void sub(Gpr to, int value) {
        rex(5, to, 0x81);
        int32(value);
    }

    public void and(Gpr to, int value) {
        rex(4, to, 0x81);
        int32(value);
    }

    public void shl(Gpr to, int bits) {
        rex(4, to, 0xc1);
        bytes(bits);
    }

    public void imul(Gpr to, Gpr by) {
        rex(to.code(), by, 0x0f, 0xaf);
    }

    public void imul(Gpr to, Mem by) {
        rex(to.code(), by, 0x0f, 0xaf);
    }

    public void cmp(Gpr a, Gpr b) {
        rex(b.code(), a, 0x39);
    }

    public void cmp(Gpr a, Mem b) {
        rex(a.code(), b, 0x3b);
    }

    public void cmp(Gpr a, int value) {
        rex(7, a, 0x81);
        int32(value);
    }

    public void push(Gpr r) {
        bytes(0x40 | r.code() >> 3, 0x50 | (r.code() & 7));
    }

    public void pop(Gpr r) {
        bytes(0x40 | r.code() >> 3, 0x58 | (r.code() & 7));
    }

    public void ret() {
        bytes(0xc3);
    }

    public void cpuid() {
        bytes(0x0f, 0xa2);
    }

    /** Reads the extended control register whose number is in ECX to EDX:EAX. */
    public void xgetbv() {
        bytes(0x0f, 0x01, 0xd0);
    }

    public void jmp(Label to) {
        bytes(0xe9);
        distance(to);
    }

    /** Jumps if the last comparison's first operand was less, as signed numbers. */
    public void jl(Label to) {
        bytes(0x0f, 0x8c);
        distance(to);
    }

    public void jle(Label to) {
        bytes(0x0f, 0x8e);
        distance(to);
    }

    public void jge(Label to) {
        bytes(0x0f, 0x8d);
        distance(to);
    }

    public void jne(Label to) {
        bytes(0x0f, 0x85);
        distance(to);
    }

    public void prefetcht0(Mem m) {
        rex(1, m, 0x0f, 0x18);
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
        evex(map1(NONE, 0x11), new Form(Width.ZMM, false, mask), from, 0, to, 64);
    }

    public void vmovd(Mem to, int from) {
        evex(map1(P66, 0x7e), new Form(Width.XMM, false, 0), from, 0, to, 4);
    }

    public void vpbroadcastd(int to, Mem from) {
        evex(map2(P66, 0x58), Form.ZMM, to, 0, from, 4);
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

    public void vdivps(int to, int a, int b) {
        evex(map1(NONE, 0x5e), Form.ZMM, to, a, b);
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
