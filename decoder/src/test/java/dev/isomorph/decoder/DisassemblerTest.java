package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisassemblerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // integer instructions and their aliases
        "00000013 | nop",
        "00000513 | li a0,0",
        "fff00513 | li a0,-1",
        "00058513 | mv a0,a1",
        "ff010113 | addi sp,sp,-16",
        "0ff57513 | zext.b a0,a0",
        "fff54513 | not a0,a0",
        "00153513 | seqz a0,a0",
        "00a03533 | snez a0,a0",
        "40a00533 | neg a0,a0",
        "0005051b | sext.w a0,a0",
        "08b5053b | add.uw a0,a0,a1",
        "0805053b | zext.w a0,a0",
        "02051513 | slli a0,a0,0x20",
        "800000b7 | lui ra,0x80000",
        "fe113c23 | sd ra,-8(sp)",
        "fe0718e3 | bnez a4,0xfff0",
        "00208463 | beq ra,sp,0x10008",
        "0000006f | j 0x10000",
        "008000ef | jal 0x10008",
        "008002ef | jal t0,0x10008",
        "00008067 | ret",
        "00050067 | jr a0",
        "000500e7 | jalr a0",
        "004500e7 | jalr 4(a0)",
        "00450567 | jalr a0,4(a0)",
        "0330000f | fence rw,rw",
        "0ff0000f | fence",
        "8330000f | fence.tso",
        "0100000f | pause",
        "0000100f | fence.i",
        "c0102573 | rdtime a0",
        "00102573 | frflags a0",
        "00351073 | fscsr a0",
        "c0001073 | unimp",
        "30002573 | csrr a0,mstatus",
        "0018d073 | fsflagsi 17",
        // atomics
        "1005252f | lr.w a0,(a0)",
        "1605252f | lr.w.aqrl a0,(a0)",
        "1ab5352f | sc.d.rl a0,a1,(a0)",
        "0cb5352f | amoswap.d.aq a0,a1,(a0)",
        // floating point
        "02c5f553 | fadd.d fa0,fa1,fa2",
        "02c59553 | fadd.d fa0,fa1,fa2,rtz",
        "22b58553 | fmv.d fa0,fa1",
        "22b59553 | fneg.d fa0,fa1",
        "22b5a553 | fabs.d fa0,fa1",
        "c2059553 | fcvt.w.d a0,fa1,rtz",
        "d2058553 | fcvt.d.w fa0,a1",
        "d205f553 | fcvt.d.w fa0,a1,dyn",
        "72c5f543 | fmadd.d fa0,fa1,fa2,fa4",
        // extensions that older versions of binutils do not know
        "f2108053 | fli.d ft0,min",
        "f0180553 | fli.s fa0,0x1p+0",
        "f01f8553 | fli.s fa0,nan",
        "28c5a553 | fminm.s fa0,fa1,fa2",
        "2ac5b553 | fmaxm.d fa0,fa1,fa2",
        "4045f553 | fround.s fa0,fa1",
        "42559553 | froundnx.d fa0,fa1,rtz",
        "c2859553 | fcvtmod.w.d a0,fa1,rtz",
        "a2c5c553 | fleq.d a0,fa1,fa2",
        "a0c5d553 | fltq.s a0,fa1,fa2",
        "0ec5d533 | czero.eqz a0,a1,a2",
        "0ec5f533 | czero.nez a0,a1,a2",
        "cdf5c573 | mop.r.31 a0,a1",
        "ced5c573 | mop.rr.7 a0,a1,a3",
        "fe156013 | prefetch.r -32(a0)",
        "0045200f | cbo.zero (a0)",
        "00d00073 | wrs.nto",
        "30200073 | mret",
        "10200073 | sret",
        "10500073 | wfi",
        "12000073 | sfence.vma",
        "12050073 | sfence.vma a0",
        "12b00073 | sfence.vma zero,a1",
        "16b50073 | sinval.vma a0,a1",
        "18000073 | sfence.w.inval",
        "18100073 | sfence.inval.ir",
        "00200033 | ntl.p1",
        // compressed
        "0001 | nop",
        "0005 | c.nop 1",
        "1141 | addi sp,sp,-16",
        "7139 | addi sp,sp,-64",
        "0808 | addi a0,sp,16",
        "4501 | li a0,0",
        "4005 | c.li zero,1",
        "77fd | lui a5,0xfffff",
        "2501 | sext.w a0,a0",
        "852e | mv a0,a1",
        "8082 | ret",
        "9782 | jalr a5",
        "a001 | j 0x10000",
        "dd75 | beqz a0,0xfffc",
        "157e | slli a0,a0,0x3f",
        "0502 | c.slli64 a0",
        "81c8 | lbu a0,1(a1)",
        "8da8 | sh a0,2(a1)",
        "9d4d | mul a0,a0,a1",
        "9d61 | zext.b a0,a0",
        "9d69 | zext.h a0,a0",
        "9d71 | zext.w a0,a0",
        "9d75 | not a0,a0",
        "6281 | c.mop.5",
        // no instructions
        "0000 | unimp",
        "8002 | .insn 2, 0x8002",
        "ffffffff | .insn 4, 0xffffffff",
        "00004073 | .insn 4, 0x00004073",
      })
  void text(String hex, String expected) {
    Instruction instruction = Decoder.decode(Integer.parseUnsignedInt(hex, 16));
    assertEquals(expected.replaceFirst(" ", "\t"), Disassembler.text(instruction, 0x10000));
  }

  @Test
  void symbolsOfTargetsAndAddresses() {
    Map<Long, String> symbols =
        Map.of(0x10008L, "main", 0x12010L, "table+0x8", 0x13800L, "small", -8L, "end");
    Disassembler disassembler = new Disassembler(symbols::get, 0x13000);
    assertEquals("jal\t10008 <main>", line(disassembler, 0x008000ef, 0x10000));
    assertEquals("auipc\ta0,0x2", line(disassembler, 0x00002517, 0x10000));
    assertEquals("addi\ta0,a0,16 # 12010 <table+0x8>", line(disassembler, 0x01050513, 0x10004));
    assertEquals("addi\ta0,a0,16", line(disassembler, 0x01050513, 0x10008));
    assertEquals("lui\ta1,0x12", line(disassembler, 0x000125b7, 0x1000c));
    assertEquals("ld\ta1,16(a1) # 12010 <table+0x8>", line(disassembler, 0x0105b583, 0x10010));
    assertEquals("sd\ta1,-2048(gp) # 0x12800", line(disassembler, 0x80b1b023, 0x10014));
    assertEquals("ld\ta1,-8(tp) # fffffffffffffff8 <end>", line(disassembler, 0xff823583, 0x10018));
    assertEquals("lw\ta5,8(a5)", line(disassembler, 0x479c, 0x1001c));
  }

  private static String line(Disassembler disassembler, int bits, long pc) {
    return disassembler.line(Decoder.decode(bits), pc);
  }

  @Test
  void namesOfControlAndStatusRegisters() {
    assertEquals("fcsr", Csrs.name(3));
    assertEquals("hpmcounter3", Csrs.name(0xc03));
    assertEquals("hpmcounter31", Csrs.name(0xc1f));
    assertEquals("pmpaddr63", Csrs.name(0x3ef));
    assertEquals("0x0", Csrs.name(0));
    assertEquals("0xfff", Csrs.name(0xfff));
  }
}
