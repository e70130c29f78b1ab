package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  @ParameterizedTest
  @CsvSource({
    // encoding, opcode, rd, rs1, rs2, rs3, imm
    "00a28293, ADDI, 5, 5, 0, 0, 10",
    "fff00513, ADDI, 10, 0, 0, 0, -1",
    "800000b7, LUI, 1, 0, 0, 0, -2147483648",
    "12345597, AUIPC, 11, 0, 0, 0, 305418240",
    "fe0718e3, BNE, 0, 14, 0, 0, -16",
    "00208463, BEQ, 0, 1, 2, 0, 8",
    "80000063, BEQ, 0, 0, 0, 0, -4096",
    "7e000fe3, BEQ, 0, 0, 0, 0, 4094",
    "8000006f, JAL, 0, 0, 0, 0, -1048576",
    "7ffff0ef, JAL, 1, 0, 0, 0, 1048574",
    "00008067, JALR, 0, 1, 0, 0, 0",
    "fe113c23, SD, 0, 2, 1, 0, -8",
    "02051513, SLLI, 10, 10, 0, 0, 32",
    "41f5551b, SRAIW, 10, 10, 0, 0, 31",
    "c0102573, CSRRS, 10, 0, 0, 0, 3073",
    "0018d073, CSRRWI, 0, 17, 0, 0, 1",
    "08b6a2af, AMOSWAP_W, 5, 13, 11, 0, 0",
    "72c5f543, FMADD_D, 10, 11, 12, 14, 0",
    "f2108053, FLI_D, 0, 1, 0, 0, 0",
    "0330000f, FENCE, 0, 0, 0, 0, 51",
    "8330000f, FENCE, 0, 0, 0, 0, 2099",
    "0100000f, PAUSE, 0, 0, 0, 0, 0",
    "81c5c573, MOP_R, 10, 11, 0, 0, 0",
    "cdf5c573, MOP_R, 10, 11, 0, 0, 31",
    "ced5c573, MOP_RR, 10, 11, 13, 0, 7",
    "fe156013, PREFETCH_R, 0, 10, 0, 0, -32",
    "0045200f, CBO_ZERO, 0, 10, 0, 0, 0",
  })
  void wideEncodings(String hex, Opcode opcode, int rd, int rs1, int rs2, int rs3, long imm) {
    int bits = Integer.parseUnsignedInt(hex, 16);
    assertEquals(
        new Instruction(opcode, opcode, bits, 4, rd, rs1, rs2, rs3, imm), Decoder.decode(bits));
  }

  @ParameterizedTest
  @CsvSource({
    // encoding, row, expansion, rd, rs1, rs2, imm
    "0001, C_NOP, ADDI, 0, 0, 0, 0",
    "1141, C_ADDI, ADDI, 2, 2, 0, -16",
    "6105, C_ADDI16SP, ADDI, 2, 2, 0, 32",
    "7101, C_ADDI16SP, ADDI, 2, 2, 0, -512",
    "1ffc, C_ADDI4SPN, ADDI, 15, 2, 0, 1020",
    "577d, C_LI, ADDI, 14, 0, 0, -1",
    "77fd, C_LUI, LUI, 15, 0, 0, -4096",
    "2501, C_ADDIW, ADDIW, 10, 10, 0, 0",
    "857e, C_MV, ADD, 10, 0, 31, 0",
    "952e, C_ADD, ADD, 10, 10, 11, 0",
    "8082, C_JR, JALR, 0, 1, 0, 0",
    "9782, C_JALR, JALR, 1, 15, 0, 0",
    "9002, C_EBREAK, EBREAK, 0, 0, 0, 0",
    "b001, C_J, JAL, 0, 0, 0, -2048",
    "dd75, C_BEQZ, BEQ, 0, 10, 0, -4",
    "e119, C_BNEZ, BNE, 0, 10, 0, 6",
    "157e, C_SLLI, SLLI, 10, 10, 0, 63",
    "95fd, C_SRAI, SRAI, 11, 11, 0, 63",
    "89bd, C_ANDI, ANDI, 11, 11, 0, 15",
    "8d89, C_SUB, SUB, 11, 11, 10, 0",
    "9d2d, C_ADDW, ADDW, 10, 10, 11, 0",
    "4d88, C_LW, LW, 10, 11, 0, 24",
    "5dec, C_LW, LW, 11, 11, 0, 124",
    "7dec, C_LD, LD, 11, 11, 0, 248",
    "fdec, C_SD, SD, 0, 11, 11, 248",
    "60a6, C_LDSP, LD, 1, 2, 0, 72",
    "50fe, C_LWSP, LW, 1, 2, 0, 252",
    "ec06, C_SDSP, SD, 0, 2, 1, 24",
    "dfbe, C_SWSP, SW, 0, 2, 15, 252",
    "3dec, C_FLD, FLD, 11, 11, 0, 248",
    "a422, C_FSDSP, FSD, 0, 2, 8, 8",
    "81c8, C_LBU, LBU, 10, 11, 0, 1",
    "81a8, C_LBU, LBU, 10, 11, 0, 2",
    "8188, C_LBU, LBU, 10, 11, 0, 0",
    "85c8, C_LH, LH, 10, 11, 0, 0",
    "85a8, C_LHU, LHU, 10, 11, 0, 2",
    "8988, C_SB, SB, 0, 11, 10, 0",
    "8da8, C_SH, SH, 0, 11, 10, 2",
    "9d4d, C_MUL, MUL, 10, 10, 11, 0",
    "9d61, C_ZEXT_B, ANDI, 10, 10, 0, 255",
    "9d65, C_SEXT_B, SEXT_B, 10, 10, 0, 0",
    "9d69, C_ZEXT_H, ZEXT_H, 10, 10, 0, 0",
    "9d6d, C_SEXT_H, SEXT_H, 10, 10, 0, 0",
    "9d71, C_ZEXT_W, ADD_UW, 10, 10, 0, 0",
    "9d75, C_NOT, XORI, 10, 10, 0, -1",
    "6081, C_MOP, ADDI, 0, 0, 0, 1",
    "6781, C_MOP, ADDI, 0, 0, 0, 15",
  })
  void compressedEncodings(
      String hex, Opcode row, Opcode opcode, int rd, int rs1, int rs2, long imm) {
    int bits = Integer.parseUnsignedInt(hex, 16);
    assertEquals(new Instruction(opcode, row, bits, 2, rd, rs1, rs2, 0, imm), Decoder.decode(bits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000", // all zero
        "0004", "001c", // c.addi4spn 0
        "2001", "2005", // c.addiw x0
        "6101", // c.addi16sp 0
        "6001", "6801", "6881", "6501", // c.lui 0, except c.mop.n
        "8002", // c.jr x0
        "4002", "407e", // c.lwsp x0
        "6002", // c.ldsp x0
        "9c79", "9c7d", // quadrant 1, funct2 11: 110 and 111
        "8c40", // c.sh with bit 6 set
        "9000", "9c00", // quadrant 0, funct3 100, beyond Zcb
      })
  void reservedCompressed(String hex) {
    assertSame(Opcode.ILLEGAL, Decoder.decode(Integer.parseUnsignedInt(hex, 16)).opcode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffffffff", // all ones
        "04051513", // slli with bit 26 set
        "0200551b", // srliw with shamt[5]
        "44005513",
        "4205551b", // unknown funct6; sraiw with shamt[5]
        "00003063", // branch, funct3 011
        "00007003", // load, funct3 111
        "00004023", // store, funct3 100
        "0000106b", // reserved major opcode
        "0400a533", // op, unknown funct7
        "1015252f", // lr.w with rs2
        "1005452f", // amo, funct3 100
        "2805252f",
        "0805052f", // amo, unknown funct5 and width
        "02055553",
        "02056553", // fadd.d with rm 5 and 6
        "04050553",
        "06050553", // fadd.h and fadd.q: not in Zfhmin
        "72c5d543", // fmadd.d with rm 5
        "d2055553", // fcvt.d.w with rm 5, though it is always exact
        "58157553", // fsqrt.s with rs2
        "c2850553", // fcvtmod.w.d with rm other than rtz
        "20053553", // fsgnj, funct3 011
        "e0052553", // fclass/fmv.x, funct3 010
        "00200073", // system, unknown funct12
        "00100173", // ebreak with rd
        "302000f3", // mret with rd
        "10208073", // sret with rs1
        "10600073", // next to wfi
        "120000f3", // sfence.vma with rd
        "18200073", // next to sfence.inval.ir
        "20200073",
        "7b200073",
        "22000073", // hret, dret, hfence.vvma
        "00004073", // system, funct3 100, not a mop
        "0035200f", // cbo with unknown operation
        "0015208f", // cbo.clean with rd
        "0000300f", // misc-mem, funct3 011
        "00000057",
        "02000007", // vector
      })
  void reservedWide(String hex) {
    Instruction instruction = Decoder.decode(Integer.parseUnsignedInt(hex, 16));
    assertSame(Opcode.ILLEGAL, instruction.opcode(), instruction.encodedAs().name());
    assertEquals(4, instruction.length());
  }

  /** HINTs are legal: they decode to their base form and change no register. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0005", "157d", "4005", "6005", "8006", "9006", "0002", "0502", "8101", "8401", "1002"
      })
  void compressedHintsAreLegal(String hex) {
    assertTrue(Decoder.decode(Integer.parseUnsignedInt(hex, 16)).opcode() != Opcode.ILLEGAL);
  }

  /** Bits of fences that are reserved for later use are ignored (ISA manual, FENCE, FENCE.I). */
  @Test
  void reservedBitsOfFencesAreIgnored() {
    Instruction fence = Decoder.decode(0x5ff50f8f);
    assertSame(Opcode.FENCE, fence.opcode());
    assertEquals(0, fence.rd());
    assertEquals(0, fence.rs1());
    assertEquals(0x5ff, fence.imm());
    assertSame(Opcode.FENCE_I, Decoder.decode(0xfff51f8f).opcode());
  }

  @Test
  void modifiersOfAnInstruction() {
    Instruction amo = Decoder.decode(Encoder.encode(Opcode.AMOADD_D, 1, 2, 3) | Encoder.AQ);
    assertTrue(amo.aq());
    assertFalse(amo.rl());
    assertEquals(4, Decoder.decode(Encoder.encode(Opcode.FADD_S, 1, 2, 3, 4)).rm());
    assertEquals(7, Decoder.decode(Encoder.encode(Opcode.FADD_S, 1, 2, 3)).rm());
    assertEquals(0, Decoder.decode(Encoder.encode(Opcode.FCVT_D_W, 1, 2)).rm());
  }

  @Test
  void upperHalfDoesNotCountForCompressed() {
    assertEquals(Decoder.decode(0x8082), Decoder.decode(0xabcd8082));
  }

  @Property(tries = 20_000)
  void everyWordDecodes(@ForAll int bits) {
    Instruction instruction = Decoder.decode(bits);
    assertEquals((bits & 3) == 3 ? 4 : 2, instruction.length());
    if (instruction.opcode() != Opcode.ILLEGAL) {
      int ignored = instruction.encodedAs().encoding().ignoredMask;
      assertEquals(instruction.bits() & ~ignored, Encoder.encode(instruction));
    }
    assertFalse(Disassembler.text(instruction, 0x10000).isEmpty());
  }
}
