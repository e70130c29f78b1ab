package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifterTest {
  private static final long PC = 0x1_0000;
  private static final Set<Opcode> CSR_OPCODES =
      EnumSet.of(
          Opcode.CSRRW, Opcode.CSRRS, Opcode.CSRRC, Opcode.CSRRWI, Opcode.CSRRSI, Opcode.CSRRCI);
  private static final int[] CSRS = {1, 2, 3, 0xc00, 0xc01, 0xc02, 0xc03, 0x300, 0xfff};

  private static final Instruction ADDI = Decoder.decode(0xffb58513); // addi a0,a1,-5

  private final Random random = new Random(1);
  private final InstructionGenerator generator = new InstructionGenerator(random);

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void everyInstructionGivesWellFormedCode(Opcode opcode) {
    for (int i = 0; i < 100; i++) {
      lift(randomly(opcode));
    }
  }

  @Test
  void refusesWhatIsNotExpanded() {
    Instruction unexpanded = new Instruction(Opcode.C_LI, Opcode.C_LI, 0x4505, 2, 10, 0, 0, 0, 1);
    assertThrows(IllegalArgumentException.class, () -> lift(unexpanded));
  }

  @Test
  void everyCompressedEncodingGivesWellFormedCode() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 3) != 3) {
        lift(Decoder.decode(bits));
      }
    }
  }

  @Test
  void onlyTheEvaluatorWritesTheRoundingMode() {
    for (Opcode opcode : Opcode.values()) {
      for (int i = 0; i < 50; i++) {
        Instruction instruction = randomly(opcode);
        for (LiftMode mode : LiftMode.values()) {
          IrBlock block = lift(instruction, mode);
          for (int id = 0; id < block.size(); id++) {
            if (block.op(id) == IrOp.PUT && block.imm(id) == StateSlot.FRM) {
              assertTrue(mode.canWriteRoundingMode() && mode.hasFloats());
            }
            if (block.op(id) == IrOp.TRAP && block.imm(id) == TrapKind.EVALUATE.ordinal()) {
              assertTrue(!mode.canWriteRoundingMode());
            }
          }
        }
      }
    }
  }

  /** The constants of ISA manual, chapter "Zfa", table of fli immediates. */
  @Test
  void loadsFloatConstants() {
    double[] expected = {
      -1.0,
      Float.MIN_NORMAL,
      Math.scalb(1.0, -16),
      Math.scalb(1.0, -15),
      Math.scalb(1.0, -8),
      Math.scalb(1.0, -7),
      0.0625,
      0.125,
      0.25,
      0.3125,
      0.375,
      0.4375,
      0.5,
      0.625,
      0.75,
      0.875,
      1.0,
      1.25,
      1.5,
      1.75,
      2.0,
      2.5,
      3,
      4,
      8,
      16,
      128,
      256,
      32768,
      65536,
      Float.POSITIVE_INFINITY,
      Float.NaN
    };
    for (int index = 0; index < 32; index++) {
      long single = liftedConstant(Decoder.decode(0xf0100053 | index << 15));
      assertEquals(-1, single >> 32);
      assertEquals((float) expected[index], Float.intBitsToFloat((int) single));
      double dbl = index == 1 ? Double.MIN_NORMAL : expected[index];
      assertEquals(
          Double.doubleToLongBits(dbl), liftedConstant(Decoder.decode(0xf2100053 | index << 15)));
    }
  }

  private static long liftedConstant(Instruction instruction) {
    IrBlock block = lift(instruction, LiftMode.TRANSLATE);
    assertEquals(IrOp.CONST, block.op(0));
    return block.imm(0);
  }

  /** Values are numbered by block: an instruction must not take one that is not its own. */
  @ParameterizedTest
  @EnumSource(Opcode.class)
  void meansTheSameBehindOtherInstructions(Opcode opcode) {
    for (int i = 0; i < 50; i++) {
      Instruction instruction = randomly(opcode);
      for (LiftMode mode : LiftMode.values()) {
        IrBlock alone = lift(instruction, mode);
        IrBlock behind = new IrBlock();
        Lifter lifter = new Lifter(mode);
        lifter.lift(ADDI, PC - ADDI.length(), behind);
        int shift = behind.size();
        lifter.lift(instruction, PC, behind);
        for (int id = shift; id < behind.size(); id++) {
          assertEquals(alone.op(id - shift), behind.op(id));
          assertEquals(alone.imm(id - shift), behind.imm(id));
          assertEquals(shifted(alone.a(id - shift), shift), behind.a(id));
          assertEquals(shifted(alone.b(id - shift), shift), behind.b(id));
          assertEquals(shifted(alone.c(id - shift), shift), behind.c(id));
        }
      }
    }
  }

  private static int shifted(int value, int shift) {
    return value == IrBlock.NONE ? IrBlock.NONE : value + shift;
  }

  private static void lift(Instruction instruction) {
    for (LiftMode mode : LiftMode.values()) {
      lift(instruction, mode);
    }
  }

  private static IrBlock lift(Instruction instruction, LiftMode mode) {
    IrBlock block = new IrBlock();
    boolean ended = new Lifter(mode).lift(instruction, PC, block);
    if (!ended) {
      block.emit(IrOp.JUMP, IrBlock.NONE, block.endPc());
    }
    assertEquals(1, block.instructionCount());
    assertEquals(instruction.bits(), block.encoding(0));
    assertTrue(IrVerifier.verify(block));
    return block;
  }

  private Instruction randomly(Opcode opcode) {
    if (opcode == Opcode.ILLEGAL) {
      return Decoder.decode(0);
    }
    Instruction instruction = generator.instruction(opcode);
    // Random CSR numbers are hardly ever those that exist.
    return CSR_OPCODES.contains(opcode) && random.nextBoolean()
        ? Decoder.decode(
            instruction.bits() & ~(0xfff << 20) | CSRS[random.nextInt(CSRS.length)] << 20)
        : instruction;
  }
}
