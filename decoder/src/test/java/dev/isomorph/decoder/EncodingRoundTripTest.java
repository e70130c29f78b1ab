package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Decoding and encoding are inverse, for both lengths and from every side. */
class EncodingRoundTripTest {
  @Test
  void all16BitEncodings() {
    int legal = 0;
    for (int bits = 0; bits < 0x10000; bits++) {
      Instruction instruction = Decoder.decode(bits);
      if ((bits & 3) == 3 || instruction.opcode() == Opcode.ILLEGAL) {
        continue;
      }
      legal++;
      assertEquals(2, instruction.length());
      assertEquals(bits, Encoder.encode(instruction), instruction::toString);
    }
    // Counted from the manual's quadrant listings: 49152 less what is reserved or not supported.
    assertEquals(legalByListing(), legal);
  }

  /**
   * Legal encodings per quadrant and funct3, from the ISA manual's "RVC Instruction Set Listings".
   */
  private static int legalByListing() {
    int block = 1 << 11;
    int zcb = 4 * 8 * 8 + 2 * 2 * 8 * 8 + 4 * 8 * 8 + 2 * 8 * 8;
    int quadrant0 = (block - 8) + 6 * block + zcb;
    int lui = block - 32 + 8; // no zero immediates, except c.mop.n
    int arithmetic = 3 * 512 + 6 * 64 + 64 + 6 * 8;
    int quadrant1 = block + (block - 64) + block + lui + arithmetic + 3 * block;
    int noRd = block - 64;
    int jumps = (32 * 31 + 31) + (31 + 1 + 32 * 31);
    int quadrant2 = block + block + noRd + noRd + jumps + 3 * block;
    return quadrant0 + quadrant1 + quadrant2;
  }

  /** What a compressed instruction expands to is an instruction with a 32-bit encoding. */
  @Test
  void expansionsHaveA32BitEncoding() {
    for (int bits = 0; bits < 0x10000; bits++) {
      Instruction compressed = Decoder.decode(bits);
      if ((bits & 3) == 3 || compressed.opcode() == Opcode.ILLEGAL) {
        continue;
      }
      Opcode opcode = compressed.opcode();
      Instruction wide =
          new Instruction(
              opcode,
              opcode,
              0,
              4,
              compressed.rd(),
              compressed.rs1(),
              compressed.rs2(),
              compressed.rs3(),
              compressed.imm());
      Instruction again = Decoder.decode(Encoder.encode(wide));
      assertSame(opcode, again.opcode());
      assertEquals(
          List.of(wide.rd(), wide.rs1(), wide.rs2(), wide.rs3(), wide.imm()),
          List.of(again.rd(), again.rs1(), again.rs2(), again.rs3(), again.imm()));
    }
  }

  @Property(tries = 20_000)
  void everyRow(@ForAll Opcode row, @ForAll long seed) {
    Assume.that(row != Opcode.ILLEGAL);
    int bits = new InstructionGenerator(new Random(seed)).encoding(row);
    Instruction instruction = Decoder.decode(bits);
    // Its other fields aside, "fence w,0" is how pause is encoded.
    Assume.that(row != Opcode.FENCE || (instruction.imm() & 0xff) != 0x10);
    assertSame(row, instruction.encodedAs());
    assertSame(row.base(), instruction.opcode());
    assertEquals(bits, instruction.bits());
    assertEquals(bits, Encoder.encode(instruction));
    assertEquals(bits, Encoder.encode(row, operands(instruction)) | modifiers(instruction));
    assertTrue(Disassembler.text(instruction, 0x10000).matches("[a-z][a-z0-9.]*(\t\\S+)?"));
  }

  /** The operands of the row's assembly text. */
  private static long[] operands(Instruction instruction) {
    List<Long> values = new ArrayList<>();
    for (Operand operand : Syntax.of(instruction.encodedAs()).operands()) {
      values.add(
          switch (operand) {
            case RD, FD -> (long) instruction.rd();
            case RS1, FS1, ZIMM, CONSTANT -> (long) instruction.rs1();
            case RS2, FS2 -> (long) instruction.rs2();
            case RS3, FS3 -> (long) instruction.rs3();
            case IMM, TARGET, SHAMT, CSR, N -> instruction.imm();
            case UPPER -> instruction.imm() >> 12;
            case PRED -> instruction.imm() >> 4 & 15;
            case SUCC -> instruction.imm() & 15;
            case RM -> (long) instruction.rm();
          });
    }
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** Bits without an operand in the text: aq, rl, and the mode of a fence. */
  private static int modifiers(Instruction instruction) {
    int mask = instruction.encodedAs() == Opcode.FENCE ? 0xf0000000 : Encoder.AQ | Encoder.RL;
    return instruction.bits()
        & mask
        & (instruction.encodedAs().encoding().modifierMask
            | instruction.encodedAs().encoding().immediate.fieldMask());
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    assertRefused(Opcode.ADDI, 1, 2, 2048);
    assertRefused(Opcode.ADDI, 1, 2, -2049);
    assertRefused(Opcode.ADDI, 32, 2, 0);
    assertRefused(Opcode.ADDI, 1, 2);
    assertRefused(Opcode.ADDI, 1, 2, 3, 4);
    assertRefused(Opcode.BEQ, 1, 2, 3);
    assertRefused(Opcode.BEQ, 1, 2, 4096);
    assertRefused(Opcode.JAL, 1, 1 << 20);
    assertRefused(Opcode.LUI, 1, 0x100000);
    assertRefused(Opcode.SLLI, 1, 2, 64);
    assertRefused(Opcode.SLLIW, 1, 2, 32);
    assertRefused(Opcode.FADD_S, 1, 2, 3, 5);
    assertRefused(Opcode.FADD_S, 1, 2, 3, 8);
    assertRefused(Opcode.C_LW, 7, 0, 8);
    assertRefused(Opcode.C_LW, 8, 2, 8);
    assertRefused(Opcode.C_ADDI, 0, 1);
    assertRefused(Opcode.C_LUI, 2, 1);
    assertRefused(Opcode.C_LUI, 3, 0);
    assertRefused(Opcode.C_MOP, 2);
    assertRefused(Opcode.FENCE, 16, 1);
    assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Decoder.decode(0xffffffff)));
  }

  private static void assertRefused(Opcode row, long... operands) {
    assertThrows(IllegalArgumentException.class, () -> Encoder.encode(row, operands), row::name);
  }
}
