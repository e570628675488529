package org.attention4j.x86.asm;

/** Instructions on general registers, of 64 bits unless their names say less, jumps, and what tells of the processor. */
class GeneralAssembler extends Encoder {
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

    public void movabs(Gpr to, long value) {
        bytes(0x48 | to.code() >> 3, 0xb8 | (to.code() & 7));
        int32((int) value);
        int32((int) (value >> Integer.SIZE));
    }

    /** {@code value} is sign-extended. */
    public void mov(Mem to, int value) {
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

    /** The address of a label. */
    public void lea(Gpr to, Label label) {
        bytes(0x48 | (to.code() >> 3) << 2, 0x8d, (to.code() & 7) << 3 | 5);
        distance(label);
    }

    /** Four bytes of data. */
    public void data(float value) {
        int32(Float.floatToRawIntBits(value));
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

    public void sub(Gpr to, Gpr from) {
        rex(from.code(), to, 0x29);
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

    public void call(Gpr function) {
        rex(2, function, 0xff);
    }

    /** Copies RCX bytes from where RSI points to where RDI does; all three move on. */
    public void repMovsb() {
        bytes(0xf3, 0xa4);
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

    /** To the address that is in memory. */
    public void jmp(Mem to) {
        rex(4, to, 0xff);
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

    public void jg(Label to) {
        bytes(0x0f, 0x8f);
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
}
