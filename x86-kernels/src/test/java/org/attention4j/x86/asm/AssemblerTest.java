package org.attention4j.x86.asm;

import static org.attention4j.x86.asm.Gpr.R10;
import static org.attention4j.x86.asm.Gpr.R11;
import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R13;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.R9;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RBX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;
import static org.attention4j.x86.asm.Gpr.RSP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Instructions as GNU {@code as} 2.40 encodes them (but for a needless REX.W of PREFETCHT0, CALL and JMP), with registers and displacements on both sides of each limit. */
final class AssemblerTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("instructions")
    void encodesAsGnuAs(String text, String hex, byte[] code) {
        assertEquals(hex, HexFormat.ofDelimiter(" ").formatHex(code), text);
    }

    static Stream<Arguments> instructions() {
        return Stream.of(
                arguments("mov rax, rdi", "48 89 f8", code(a -> a.mov(RAX, RDI))),
                arguments("mov r12, r9", "4d 89 cc", code(a -> a.mov(R12, R9))),
                arguments("mov rcx, [rbx+32]", "48 8b 4b 20", code(a -> a.mov(RCX, Mem.at(RBX, 32)))),
                arguments("mov r8, [r13+0]", "4d 8b 45 00", code(a -> a.mov(R8, Mem.at(R13, 0)))),
                arguments("mov [rsp+2048], rsi", "48 89 b4 24 00 08 00 00", code(a -> a.mov(Mem.at(RSP, 2048), RSI))),
                arguments("mov r15, 64", "49 c7 c7 40 00 00 00", code(a -> a.mov(R15, 64))),
                arguments(
                        "lea r11, [r10+r9*4+512]",
                        "4f 8d 9c 8a 00 02 00 00",
                        code(a -> a.lea(R11, Mem.at(R10, R9, 4, 512)))),
                arguments("lea r15, [r12+1]", "4d 8d 7c 24 01", code(a -> a.lea(R15, Mem.at(R12, 1)))),
                arguments("add r13, [rdi+104]", "4c 03 6f 68", code(a -> a.add(R13, Mem.at(RDI, 104)))),
                arguments("add rdx, r15", "4c 01 fa", code(a -> a.add(RDX, R15))),
                arguments("sub rdx, rax", "48 29 c2", code(a -> a.sub(RDX, RAX))),
                arguments("cmp r12, r13", "4d 39 ec", code(a -> a.cmp(R12, R13))),
                arguments("cmp rdx, [rbx+80]", "48 3b 53 50", code(a -> a.cmp(RDX, Mem.at(RBX, 80)))),
                arguments("shl r11, 6", "49 c1 e3 06", code(a -> a.shl(R11, 6))),
                arguments("imul r12, [rbx+96]", "4c 0f af 63 60", code(a -> a.imul(R12, Mem.at(RBX, 96)))),
                arguments("imul r9, rax", "4c 0f af c8", code(a -> a.imul(R9, RAX))),
                arguments(
                        "movabs r10, 0x123456789abcdef0",
                        "49 ba f0 de bc 9a 78 56 34 12",
                        code(a -> a.movabs(R10, 0x123456789abcdef0L))),
                arguments(
                        "mov qword ptr [rsp+8], -1",
                        "48 c7 44 24 08 ff ff ff ff",
                        code(a -> a.mov(Mem.at(RSP, 8), -1))),
                arguments("call r10", "49 ff d2", code(a -> a.call(R10))),
                arguments("call rax", "48 ff d0", code(a -> a.call(RAX))),
                arguments("jmp [rdi+8]", "48 ff 67 08", code(a -> a.jmp(Mem.at(RDI, 8)))),
                arguments("rep movsb", "f3 a4", code(a -> a.repMovsb())),
                arguments("push r12", "41 54", code(a -> a.push(R12))),
                arguments("pop r13", "41 5d", code(a -> a.pop(R13))),
                arguments("vmovups zmm24, [rdx+64]", "62 61 7c 48 10 42 01", code(a -> a.vmovups(24, Mem.at(RDX, 64)))),
                arguments("vmovups [rdx+448], zmm3", "62 f1 7c 48 11 5a 07", code(a -> a.vmovups(Mem.at(RDX, 448), 3))),
                arguments(
                        "vmovups [r11+64]{k1}, zmm17",
                        "62 c1 7c 49 11 4b 01",
                        code(a -> a.vmovupsMasked(Mem.at(R11, 64), 17, 1))),
                arguments(
                        "vmovups zmm19{k2}{z}, [r11+128]",
                        "62 c1 7c ca 10 5b 02",
                        code(a -> a.vmovupsMasked(19, Mem.at(R11, 128), 2))),
                arguments(
                        "vmovups zmm3{k1}{z}, [rsi+rax*1+192]",
                        "62 f1 7c c9 10 5c 06 03",
                        code(a -> a.vmovupsMasked(3, Mem.at(RSI, RAX, 1, 192), 1))),
                arguments(
                        "vbroadcastss zmm28, [rax+12]",
                        "62 62 7d 48 18 60 03",
                        code(a -> a.vbroadcastss(28, Mem.at(RAX, 12)))),
                arguments("vaddps zmm17, zmm4, zmm25", "62 81 5c 48 58 c9", code(a -> a.vaddps(17, 4, 25))),
                arguments("vsqrtps zmm7, zmm22", "62 b1 7c 48 51 fe", code(a -> a.vsqrtps(7, 22))),
                arguments("vpord zmm19, zmm3, zmm28", "62 81 65 48 eb dc", code(a -> a.vpord(19, 3, 28))),
                arguments("vsubps zmm5, zmm21, zmm30", "62 91 54 40 5c ee", code(a -> a.vsubps(5, 21, 30))),
                arguments("vminps zmm28, zmm30, zmm28", "62 01 0c 40 5d e4", code(a -> a.vminps(28, 30, 28))),
                arguments("vmaxps zmm2, zmm13, zmm18", "62 b1 14 48 5f d2", code(a -> a.vmaxps(2, 13, 18))),
                arguments("vrndscaleps zmm30, zmm28, 8", "62 03 7d 48 08 f4 08", code(a -> a.vrndscaleps(30, 28))),
                arguments("vscalefps zmm22, zmm5, zmm30", "62 82 55 48 2c f6", code(a -> a.vscalefps(22, 5, 30))),
                arguments(
                        "vfmadd213ps zmm13, zmm28, [r14+24]{1to16}",
                        "62 52 1d 50 a8 6e 06",
                        code(a -> a.vfmadd213psBroadcast(13, 28, Mem.at(R14, 24)))),
                arguments("sub rsp, 256", "48 81 ec 00 01 00 00", code(a -> a.sub(RSP, 256))),
                arguments("vmovd [r10+288], xmm19", "62 c1 7d 08 7e 5a 48", code(a -> a.vmovd(Mem.at(R10, 288), 19))),
                arguments("vpbroadcastd zmm31, eax", "62 62 7d 48 7c f8", code(a -> a.vpbroadcastd(31, RAX))),
                arguments(
                        "vpbroadcastd zmm9, [r10+36]",
                        "62 52 7d 48 58 4a 09",
                        code(a -> a.vpbroadcastd(9, Mem.at(R10, 36)))),
                arguments(
                        "vpdpbusd zmm15, zmm23, [r10+252]{1to16}",
                        "62 52 45 50 50 7a 3f",
                        code(a -> a.vpdpbusdBroadcast(15, 23, Mem.at(R10, 252)))),
                arguments(
                        "vpdpbusd zmm15, zmm23, [r10+2000]{1to16}",
                        "62 52 45 50 50 ba d0 07 00 00",
                        code(a -> a.vpdpbusdBroadcast(15, 23, Mem.at(R10, 2000)))),
                arguments("vcvtdq2ps zmm8, zmm8", "62 51 7c 48 5b c0", code(a -> a.vcvtdq2ps(8, 8))),
                arguments(
                        "vcvtdq2ps zmm18, [rsp+1024]",
                        "62 e1 7c 48 5b 54 24 10",
                        code(a -> a.vcvtdq2ps(18, Mem.at(RSP, 1024)))),
                arguments("vcvtps2dq zmm1, zmm0", "62 f1 7d 48 5b c8", code(a -> a.vcvtps2dq(1, 0))),
                arguments(
                        "vcvtph2ps zmm24, [rsi+64]",
                        "62 62 7d 48 13 46 02",
                        code(a -> a.vcvtph2ps(24, Mem.at(RSI, 64)))),
                arguments(
                        "vcvtph2ps zmm17, [rsi+r15*1+32]",
                        "62 a2 7d 48 13 4c 3e 01",
                        code(a -> a.vcvtph2ps(17, Mem.at(RSI, R15, 1, 32)))),
                arguments("vpmovsdb [r10+16], zmm1", "62 d2 7e 48 21 4a 01", code(a -> a.vpmovsdb(Mem.at(R10, 16), 1))),
                arguments("vmulps zmm25, zmm24, zmm7", "62 61 3c 40 59 cf", code(a -> a.vmulps(25, 24, 7))),
                arguments(
                        "vmulps zmm25, zmm24, [r10+320]{1to16}",
                        "62 41 3c 50 59 4a 50",
                        code(a -> a.vmulpsBroadcast(25, 24, Mem.at(R10, 320)))),
                arguments("vdivps zmm3, zmm2, zmm30", "62 91 6c 48 5e de", code(a -> a.vdivps(3, 2, 30))),
                arguments("vpmaxsd zmm2, zmm2, zmm3", "62 f2 6d 48 3d d3", code(a -> a.vpmaxsd(2, 2, 3))),
                arguments("vfmadd231ps zmm7, zmm15, zmm25", "62 92 05 48 b8 f9", code(a -> a.vfmadd231ps(7, 15, 25))),
                arguments(
                        "vfmadd231ps zmm0, zmm18, [rax+512]{1to16}",
                        "62 f2 6d 50 b8 80 00 02 00 00",
                        code(a -> a.vfmadd231psBroadcast(0, 18, Mem.at(RAX, 512)))),
                arguments("vpaddd zmm2, zmm0, zmm1", "62 f1 7d 48 fe d1", code(a -> a.vpaddd(2, 0, 1))),
                arguments("vpmulld zmm2, zmm2, zmm31", "62 92 6d 48 40 d7", code(a -> a.vpmulld(2, 2, 31))),
                arguments("vcvtph2ps zmm3, ymm9", "62 d2 7d 48 13 d9", code(a -> a.vcvtph2ps(3, 9))),
                arguments(
                        "vpmovsxbd zmm18, [rdi+18]",
                        "62 e2 7d 48 21 97 12 00 00 00",
                        code(a -> a.vpmovsxbd(18, Mem.at(RDI, 18)))),
                arguments(
                        "vpmovzxbd zmm2, [rdi+32]", "62 f2 7d 48 31 57 02", code(a -> a.vpmovzxbd(2, Mem.at(RDI, 32)))),
                arguments("vpsubb zmm5, zmm4, zmm31", "62 91 5d 48 f8 ef", code(a -> a.vpsubb(5, 4, 31))),
                arguments("vpandd zmm16, zmm17, zmm31", "62 81 75 40 db c7", code(a -> a.vpandd(16, 17, 31))),
                arguments(
                        "vpxord zmm16, zmm31, [rdx+192]",
                        "62 e1 05 40 ef 42 03",
                        code(a -> a.vpxord(16, 31, Mem.at(RDX, 192)))),
                arguments("vpxord zmm3, zmm3, zmm3", "62 f1 65 48 ef db", code(a -> a.vpxord(3, 3, 3))),
                arguments("vpsrld zmm17, zmm17, 4", "62 b1 75 40 72 d1 04", code(a -> a.vpsrld(17, 17, 4))),
                arguments(
                        "vshuff32x4 zmm3, zmm2, zmm2, 78",
                        "62 f3 6d 48 23 da 4e",
                        code(a -> a.vshuff32x4(3, 2, 2, 78))),
                arguments("vpermilps zmm3, zmm2, 177", "62 f3 7d 48 04 da b1", code(a -> a.vpermilps(3, 2, 177))),
                arguments("kmovw k2, r9d", "c4 c1 78 92 d1", code(a -> a.kmovw(2, R9))),
                arguments(
                        "prefetcht0 [rdx+2048]", "48 0f 18 8a 00 08 00 00", code(a -> a.prefetcht0(Mem.at(RDX, 2048)))),
                arguments(
                        "ldtilecfg [rbx+136]", "c4 e2 78 49 83 88 00 00 00", code(a -> a.ldtilecfg(Mem.at(RBX, 136)))),
                arguments("tilezero tmm1", "c4 e2 7b 49 c8", code(a -> a.tilezero(1))),
                arguments(
                        "tileloadd tmm2, [r10+rdi*1+32]",
                        "c4 c2 7b 4b 54 3a 20",
                        code(a -> a.tileloadd(2, Mem.at(R10, RDI, 1, 32)))),
                arguments(
                        "tileloadd tmm4, [rdx+r15*1+64]",
                        "c4 a2 7b 4b 64 3a 40",
                        code(a -> a.tileloadd(4, Mem.at(RDX, R15, 1, 64)))),
                arguments(
                        "tilestored [rsp+r15*1+1024], tmm1",
                        "c4 a2 7a 4b 8c 3c 00 04 00 00",
                        code(a -> a.tilestored(Mem.at(RSP, R15, 1, 1024), 1))),
                arguments("tdpbssd tmm1, tmm3, tmm5", "c4 e2 53 5e cb", code(a -> a.tdpbssd(1, 3, 5))),
                arguments("tilerelease", "c4 e2 78 49 c0", code(a -> a.tilerelease())),
                arguments(
                        "mov r9d, [r12+r9*4+1000]",
                        "47 8b 8c 8c e8 03 00 00",
                        code(a -> a.mov32(R9, Mem.at(R12, R9, 4, 1000)))),
                arguments("mov [rdx+64], r8d", "44 89 42 40", code(a -> a.mov32(Mem.at(RDX, 64), R8))),
                arguments("movzx r10d, word ptr [r8+18]", "45 0f b7 50 12", code(a -> a.movzx16(R10, Mem.at(R8, 18)))),
                arguments("mov [r9+2], r11w", "66 45 89 59 02", code(a -> a.mov16(Mem.at(R9, 2), R11))),
                arguments("vzeroupper", "c5 f8 77", code(a -> a.vzeroupper())));
    }

    private static byte[] code(Consumer<Assembler> instruction) {
        Assembler a = new Assembler();
        instruction.accept(a);
        return a.bytes();
    }

    /** A jump's distance counts from the instruction behind it. */
    @Test
    void jumpsBothWays() {
        byte[] code = code(a -> {
            Label back = new Label();
            Label ahead = new Label();
            a.place(back);
            a.jmp(ahead);
            a.jne(back);
            a.place(ahead);
            a.ret();
        });
        assertArrayEquals(HexFormat.ofDelimiter(" ").parseHex("e9 06 00 00 00 0f 85 f5 ff ff ff c3"), code);
    }

    /** So does a label's address: here that of data behind the function. */
    @Test
    void findsItsData() {
        byte[] code = code(a -> {
            Label pool = new Label();
            a.lea(R14, pool);
            a.ret();
            a.place(pool);
            a.data(1);
        });
        assertArrayEquals(HexFormat.ofDelimiter(" ").parseHex("4c 8d 35 01 00 00 00 c3 00 00 80 3f"), code);
    }

    @Test
    void refusesAJumpToNowhere() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> code(a -> a.jmp(new Label())));
        assertEquals("code: a jump at 1 goes to a label that isn't placed", e.getMessage());
    }

    @Test
    void refusesImpossibleAddresses() {
        assertThrows(IllegalArgumentException.class, () -> Mem.at(RAX, RSP, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Mem.at(RAX, RDX, 3, 0));
    }
}
