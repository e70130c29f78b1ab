package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.Avx.Binary.VADDSD;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VCVTSD2SS;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VFMADD231SD;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VFNMSUB213SS;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VMULSS;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VPXOR;
import static dev.isomorph.hostbackend.asm.Avx.Binary.VSQRTSD;
import static dev.isomorph.hostbackend.asm.Avx.BinaryImm.VCMPSD;
import static dev.isomorph.hostbackend.asm.Avx.BinaryImm.VPCLMULQDQ;
import static dev.isomorph.hostbackend.asm.Avx.BinaryImm.VROUNDSD;
import static dev.isomorph.hostbackend.asm.Avx.Blend.VBLENDVPD;
import static dev.isomorph.hostbackend.asm.Avx.FromInteger.VCVTSI2SD;
import static dev.isomorph.hostbackend.asm.Avx.Move.VMOVAPS;
import static dev.isomorph.hostbackend.asm.Avx.Move.VMOVDQU;
import static dev.isomorph.hostbackend.asm.Avx.ShiftImm.VPSRLQ;
import static dev.isomorph.hostbackend.asm.Avx.ToInteger.VCVTTSD2SI;
import static dev.isomorph.hostbackend.asm.Avx.Unary.VCVTPH2PS;
import static dev.isomorph.hostbackend.asm.Avx.Unary.VPTEST;
import static dev.isomorph.hostbackend.asm.Avx.Unary.VUCOMISD;
import static dev.isomorph.hostbackend.asm.Avx.UnaryImm.VPSHUFD;
import static dev.isomorph.hostbackend.asm.Gpr.R10;
import static dev.isomorph.hostbackend.asm.Gpr.R11;
import static dev.isomorph.hostbackend.asm.Gpr.R12;
import static dev.isomorph.hostbackend.asm.Gpr.R13;
import static dev.isomorph.hostbackend.asm.Gpr.R14;
import static dev.isomorph.hostbackend.asm.Gpr.R15;
import static dev.isomorph.hostbackend.asm.Gpr.R8;
import static dev.isomorph.hostbackend.asm.Gpr.R9;
import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RBP;
import static dev.isomorph.hostbackend.asm.Gpr.RBX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static dev.isomorph.hostbackend.asm.Gpr.RSI;
import static dev.isomorph.hostbackend.asm.Gpr.RSP;
import static dev.isomorph.hostbackend.asm.Xmm.XMM0;
import static dev.isomorph.hostbackend.asm.Xmm.XMM1;
import static dev.isomorph.hostbackend.asm.Xmm.XMM10;
import static dev.isomorph.hostbackend.asm.Xmm.XMM2;
import static dev.isomorph.hostbackend.asm.Xmm.XMM3;
import static dev.isomorph.hostbackend.asm.Xmm.XMM8;
import static dev.isomorph.hostbackend.asm.Xmm.XMM9;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The encodings used most, fixed, so that they are checked where no other assembler is. */
final class GoldenEncodingTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private record Golden(String text, String bytes, Consumer<Assembler> emit) {}

  private static Golden golden(String text, String bytes, Consumer<Assembler> emit) {
    return new Golden(text, bytes, emit);
  }

  private static final List<Golden> GOLDEN =
      List.of(
          golden("mov rax, rbx", "48 89 d8", a -> a.mov(8, RAX, RBX)),
          golden("mov r9d, esi", "41 89 f1", a -> a.mov(4, R9, RSI)),
          golden("mov sil, dl", "40 88 d6", a -> a.mov(1, RSI, RDX)),
          golden("mov rax, [rbp-128]", "48 8b 45 80", a -> a.mov(8, RAX, Mem.of(RBP, -128))),
          golden(
              "mov eax, [r15+rcx+16]",
              "41 8b 44 0f 10",
              a -> a.mov(4, RAX, Mem.of(R15, RCX, 1, 16))),
          golden("mov r8, [rsp]", "4c 8b 04 24", a -> a.mov(8, R8, Mem.of(RSP))),
          golden("mov rdx, [r13]", "49 8b 55 00", a -> a.mov(8, RDX, Mem.of(R13))),
          golden(
              "mov rdx, [r12+0x80]",
              "49 8b 94 24 80 00 00 00",
              a -> a.mov(8, RDX, Mem.of(R12, 0x80))),
          golden(
              "mov rdx, [rbx*8+0x40]",
              "48 8b 14 dd 40 00 00 00",
              a -> a.mov(8, RDX, Mem.index(RBX, 8, 0x40))),
          golden("mov [rbp+127], r14", "4c 89 75 7f", a -> a.mov(8, Mem.of(RBP, 127), R14)),
          golden(
              "mov word ptr [r15+rdi], ax",
              "66 41 89 04 3f",
              a -> a.mov(2, Mem.of(R15, RDI, 1, 0), RAX)),
          golden(
              "mov byte ptr [r15+rdi], dil",
              "41 88 3c 3f",
              a -> a.mov(1, Mem.of(R15, RDI, 1, 0), RDI)),
          golden(
              "mov qword ptr [rbp+8], -1",
              "48 c7 45 08 ff ff ff ff",
              a -> a.mov(8, Mem.of(RBP, 8), -1)),
          golden(
              "mov word ptr [rbp+8], 0x1234",
              "66 c7 45 08 34 12",
              a -> a.mov(2, Mem.of(RBP, 8), 0x1234)),
          golden("mov eax, 0", "b8 00 00 00 00", a -> a.movImm(RAX, 0)),
          golden("mov r10d, 0xffffffff", "41 ba ff ff ff ff", a -> a.movImm(R10, 0xffffffffL)),
          golden("mov rcx, -1", "48 c7 c1 ff ff ff ff", a -> a.movImm(RCX, -1)),
          golden(
              "movabs r11, 0x123456789",
              "49 bb 89 67 45 23 01 00 00 00",
              a -> a.movImm(R11, 0x123456789L)),
          golden("movzx eax, sil", "40 0f b6 c6", a -> a.movzx(1, RAX, RSI)),
          golden(
              "movzx r9d, word ptr [r15+rax]",
              "45 0f b7 0c 07",
              a -> a.movzx(2, R9, Mem.of(R15, RAX, 1, 0))),
          golden(
              "movsx rax, byte ptr [r15+rbx]",
              "49 0f be 04 1f",
              a -> a.movsx(8, 1, RAX, Mem.of(R15, RBX, 1, 0))),
          golden("movsx ecx, di", "0f bf cf", a -> a.movsx(4, 2, RCX, RDI)),
          golden("movsxd rax, r8d", "49 63 c0", a -> a.movsxd(RAX, R8)),
          golden("movbe eax, [rdi]", "0f 38 f0 07", a -> a.movbe(4, RAX, Mem.of(RDI))),
          golden(
              "lea rax, [rbx+rcx*4-1]",
              "48 8d 44 8b ff",
              a -> a.lea(8, RAX, Mem.of(RBX, RCX, 4, -1))),
          golden("xchg [rdi], rsi", "48 87 37", a -> a.xchg(8, Mem.of(RDI), RSI)),
          golden("add rax, rbx", "48 01 d8", a -> a.add(8, RAX, RBX)),
          golden("add eax, [rbp+16]", "03 45 10", a -> a.add(4, RAX, Mem.of(RBP, 16))),
          golden("add [rbp+16], r9", "4c 01 4d 10", a -> a.add(8, Mem.of(RBP, 16), R9)),
          golden("add rax, 1", "48 83 c0 01", a -> a.add(8, RAX, 1)),
          golden("add rax, 0x1000", "48 05 00 10 00 00", a -> a.add(8, RAX, 0x1000)),
          golden("add ecx, 0x1000", "81 c1 00 10 00 00", a -> a.add(4, RCX, 0x1000)),
          golden(
              "or dword ptr [rbp], 0x1000",
              "81 4d 00 00 10 00 00",
              a -> a.or(4, Mem.of(RBP), 0x1000)),
          golden("adc rdx, 0", "48 83 d2 00", a -> a.alu(AluOp.ADC, 8, RDX, 0)),
          golden("sbb rcx, rcx", "48 19 c9", a -> a.alu(AluOp.SBB, 8, RCX, RCX)),
          golden("and rsp, -16", "48 83 e4 f0", a -> a.and(8, RSP, -16)),
          golden("sub rsp, 8", "48 83 ec 08", a -> a.sub(8, RSP, 8)),
          golden("xor r8d, r8d", "45 31 c0", a -> a.xor(4, R8, R8)),
          golden("cmp byte ptr [rbp+64], 0", "80 7d 40 00", a -> a.cmp(1, Mem.of(RBP, 64), 0)),
          golden("cmp sil, 0x7f", "40 80 fe 7f", a -> a.cmp(1, RSI, 0x7f)),
          golden("test rax, rax", "48 85 c0", a -> a.test(8, RAX, RAX)),
          golden("test dil, 1", "40 f6 c7 01", a -> a.test(1, RDI, 1)),
          golden(
              "test dword ptr [rbp+4], 0x100",
              "f7 45 04 00 01 00 00",
              a -> a.test(4, Mem.of(RBP, 4), 0x100)),
          golden("imul rax, rbx", "48 0f af c3", a -> a.imul(8, RAX, RBX)),
          golden("imul ecx, edx, 100", "6b ca 64", a -> a.imul(4, RCX, RDX, 100)),
          golden("mul r8", "49 f7 e0", a -> a.mul(8, R8)),
          golden("idiv qword ptr [rbp+8]", "48 f7 7d 08", a -> a.idiv(8, Mem.of(RBP, 8))),
          golden("neg r9d", "41 f7 d9", a -> a.neg(4, R9)),
          golden("not rdi", "48 f7 d7", a -> a.not(8, RDI)),
          golden("inc dword ptr [rbp]", "ff 45 00", a -> a.inc(4, Mem.of(RBP))),
          golden("cdq", "99", a -> a.cdq()),
          golden("cqo", "48 99", a -> a.cqo()),
          golden("seta sil", "40 0f 97 c6", a -> a.setcc(Cond.A, RSI)),
          golden("cmovl rax, r9", "49 0f 4c c1", a -> a.cmovcc(Cond.L, 8, RAX, R9)),
          golden("shl rax, 1", "48 d1 e0", a -> a.shift(ShiftOp.SHL, 8, RAX, 1)),
          golden("sar r12d, 31", "41 c1 fc 1f", a -> a.shift(ShiftOp.SAR, 4, R12, 31)),
          golden("shr rdx, cl", "48 d3 ea", a -> a.shiftCl(ShiftOp.SHR, 8, RDX)),
          golden("rol cx, 8", "66 c1 c1 08", a -> a.shift(ShiftOp.ROL, 2, RCX, 8)),
          golden("bswap r8", "49 0f c8", a -> a.bswap(8, R8)),
          golden("bt rax, 63", "48 0f ba e0 3f", a -> a.bt(8, RAX, 63)),
          golden("bts r9, rcx", "49 0f ab c9", a -> a.bts(8, R9, RCX)),
          golden("popcnt rax, rbx", "f3 48 0f b8 c3", a -> a.popcnt(8, RAX, RBX)),
          golden("tzcnt r8d, eax", "f3 44 0f bc c0", a -> a.tzcnt(4, R8, RAX)),
          golden("bsf eax, r8d", "41 0f bc c0", a -> a.bsf(4, RAX, R8)),
          golden("bsr rax, r8", "49 0f bd c0", a -> a.bsr(8, RAX, R8)),
          golden("lzcnt rax, r8", "f3 49 0f bd c0", a -> a.lzcnt(8, RAX, R8)),
          golden("andn rax, rbx, r8", "c4 c2 e0 f2 c0", a -> a.andn(8, RAX, RBX, R8)),
          golden("shlx rax, rbx, r9", "c4 e2 b1 f7 c3", a -> a.shlx(8, RAX, RBX, R9)),
          golden("sarx r8d, [rbp], eax", "c4 62 7a f7 45 00", a -> a.sarx(4, R8, Mem.of(RBP), RAX)),
          golden("mulx rdx, rax, r8", "c4 c2 fb f6 d0", a -> a.mulx(8, RDX, RAX, R8)),
          golden("rorx eax, r9d, 5", "c4 c3 7b f0 c1 05", a -> a.rorx(4, RAX, R9, 5)),
          golden("bzhi rax, rdx, rcx", "c4 e2 f0 f5 c2", a -> a.bzhi(8, RAX, RDX, RCX)),
          golden("blsr r8, rax", "c4 e2 b8 f3 c8", a -> a.blsr(8, R8, RAX)),
          golden("push r12", "41 54", a -> a.push(R12)),
          golden("pop rbp", "5d", a -> a.pop(RBP)),
          golden("push 8", "6a 08", a -> a.push(8)),
          golden("call rax", "ff d0", a -> a.call(RAX)),
          golden("jmp r11", "41 ff e3", a -> a.jmp(R11)),
          golden("jmp qword ptr [r14+rax*8]", "41 ff 24 c6", a -> a.jmp(Mem.of(R14, RAX, 8, 0))),
          golden("ret", "c3", a -> a.ret()),
          golden("ret 16", "c2 10 00", a -> a.ret(16)),
          golden(
              "lock cmpxchg [r15+rdi], rsi",
              "f0 49 0f b1 34 3f",
              a -> {
                a.lock();
                a.cmpxchg(8, Mem.of(R15, RDI, 1, 0), RSI);
              }),
          golden(
              "lock xadd [r15+rdi], esi",
              "f0 41 0f c1 34 3f",
              a -> {
                a.lock();
                a.xadd(4, Mem.of(R15, RDI, 1, 0), RSI);
              }),
          golden(
              "lock cmpxchg16b [rdi]",
              "f0 48 0f c7 0f",
              a -> {
                a.lock();
                a.cmpxchg16b(Mem.of(RDI));
              }),
          golden("mfence", "0f ae f0", a -> a.mfence()),
          golden("pause", "f3 90", a -> a.pause()),
          golden("ud2", "0f 0b", a -> a.ud2()),
          golden("syscall", "0f 05", a -> a.syscall()),
          golden("ldmxcsr [rbp+4]", "0f ae 55 04", a -> a.ldmxcsr(Mem.of(RBP, 4))),
          golden("vstmxcsr [rbp+4]", "c5 f8 ae 5d 04", a -> a.vstmxcsr(Mem.of(RBP, 4))),
          golden("vzeroupper", "c5 f8 77", a -> a.vzeroupper()),
          golden("vmovsd xmm1, [rbp+8]", "c5 fb 10 4d 08", a -> a.vmovsd(XMM1, Mem.of(RBP, 8))),
          golden("vmovsd [rbp+8], xmm9", "c5 7b 11 4d 08", a -> a.vmovsd(Mem.of(RBP, 8), XMM9)),
          golden("vmovss xmm1, xmm2, xmm3", "c5 ea 10 cb", a -> a.vmovss(XMM1, XMM2, XMM3)),
          golden("vmovd xmm8, eax", "c5 79 6e c0", a -> a.vmovd(XMM8, RAX)),
          golden("vmovq rax, xmm1", "c4 e1 f9 7e c8", a -> a.vmovq(RAX, XMM1)),
          golden("vmovq xmm1, xmm9", "c5 79 d6 c9", a -> a.vmovq(XMM1, XMM9)),
          golden("vmovaps xmm1, xmm9", "c5 78 29 c9", a -> a.avx(VMOVAPS, XMM1, XMM9)),
          golden(
              "vmovdqu xmm1, [r15+rax]",
              "c4 c1 7a 6f 0c 07",
              a -> a.avx(VMOVDQU, XMM1, Mem.of(R15, RAX, 1, 0))),
          golden("vaddsd xmm0, xmm1, xmm2", "c5 f3 58 c2", a -> a.avx(VADDSD, XMM0, XMM1, XMM2)),
          golden(
              "vmulss xmm8, xmm9, xmm10", "c4 41 32 59 c2", a -> a.avx(VMULSS, XMM8, XMM9, XMM10)),
          golden(
              "vsqrtsd xmm1, xmm1, [rbp]",
              "c5 f3 51 4d 00",
              a -> a.avx(VSQRTSD, XMM1, XMM1, Mem.of(RBP))),
          golden(
              "vfmadd231sd xmm0, xmm1, xmm2",
              "c4 e2 f1 b9 c2",
              a -> a.avx(VFMADD231SD, XMM0, XMM1, XMM2)),
          golden(
              "vfnmsub213ss xmm0, xmm9, xmm2",
              "c4 e2 31 af c2",
              a -> a.avx(VFNMSUB213SS, XMM0, XMM9, XMM2)),
          golden("vucomisd xmm1, xmm8", "c4 c1 79 2e c8", a -> a.avx(VUCOMISD, XMM1, XMM8)),
          golden("vptest xmm1, xmm1", "c4 e2 79 17 c9", a -> a.avx(VPTEST, XMM1, XMM1)),
          golden(
              "vcmpsd xmm0, xmm1, xmm2, 3",
              "c5 f3 c2 c2 03",
              a -> a.avx(VCMPSD, XMM0, XMM1, XMM2, 3)),
          golden(
              "vroundsd xmm0, xmm1, xmm2, 9",
              "c4 e3 71 0b c2 09",
              a -> a.avx(VROUNDSD, XMM0, XMM1, XMM2, 9)),
          golden(
              "vblendvpd xmm0, xmm1, xmm2, xmm3",
              "c4 e3 71 4b c2 30",
              a -> a.avx(VBLENDVPD, XMM0, XMM1, XMM2, XMM3)),
          golden("vpxor xmm0, xmm0, xmm0", "c5 f9 ef c0", a -> a.avx(VPXOR, XMM0, XMM0, XMM0)),
          golden("vpsrlq xmm0, xmm1, 63", "c5 f9 73 d1 3f", a -> a.avx(VPSRLQ, XMM0, XMM1, 63)),
          golden(
              "vpshufd xmm0, xmm1, 0x4e", "c5 f9 70 c1 4e", a -> a.avx(VPSHUFD, XMM0, XMM1, 0x4e)),
          golden(
              "vcvtsi2sd xmm0, xmm1, r8",
              "c4 c1 f3 2a c0",
              a -> a.avx(VCVTSI2SD, 8, XMM0, XMM1, R8)),
          golden("vcvttsd2si eax, xmm9", "c4 c1 7b 2c c1", a -> a.avx(VCVTTSD2SI, 4, RAX, XMM9)),
          golden(
              "vcvtsd2ss xmm0, xmm1, xmm2", "c5 f3 5a c2", a -> a.avx(VCVTSD2SS, XMM0, XMM1, XMM2)),
          golden("vcvtph2ps xmm0, xmm1", "c4 e2 79 13 c1", a -> a.avx(VCVTPH2PS, XMM0, XMM1)),
          golden("vcvtps2ph xmm0, xmm1, 4", "c4 e3 79 1d c8 04", a -> a.vcvtps2ph(XMM0, XMM1, 4)),
          golden("vpextrq r9, xmm1, 1", "c4 c3 f9 16 c9 01", a -> a.vpextrq(R9, XMM1, 1)),
          golden(
              "vpinsrq xmm0, xmm1, rax, 1",
              "c4 e3 f1 22 c0 01",
              a -> a.vpinsrq(XMM0, XMM1, RAX, 1)),
          golden(
              "vpclmulqdq xmm0, xmm1, xmm2, 0x10",
              "c4 e3 71 44 c2 10",
              a -> a.avx(VPCLMULQDQ, XMM0, XMM1, XMM2, 0x10)));

  @TestFactory
  Stream<DynamicTest> encodes() {
    return GOLDEN.stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.text,
                    () -> {
                      Assembler assembler = new Assembler();
                      golden.emit.accept(assembler);
                      assertEquals(golden.bytes, HEX.formatHex(assembler.code()));
                    }));
  }
}
