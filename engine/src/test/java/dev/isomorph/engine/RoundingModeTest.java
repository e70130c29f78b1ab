package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of the dynamic rounding mode between runs of the same code. */
class RoundingModeTest {
  private static final int FRM = 2;
  private static final int DYN = 7;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int FA0 = 10;

  private static final long ONE = Double.doubleToRawLongBits(1);
  private static final long NEXT = ONE + 1;

  /** Half a unit in the last place of 1: added to 1 it is a tie. */
  private static final long HALF_ULP = Double.doubleToRawLongBits(0x1p-53);

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT);
  private final Hart hart = engine.newHart();

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private void run(RiscvAssembler program) {
    memory.code(program.bytes());
    hart.f(FA0, ONE);
    hart.f(FA0 + 1, HALF_ULP);
    hart.pc(CODE);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  /** A function at {@code sum}: fa2 = fa0 + fa1, rounded dynamically. */
  private static void bindSum(RiscvAssembler a, RiscvAssembler.Label sum) {
    a.bind(sum).emit(Opcode.FADD_D, FA0 + 2, FA0, FA0 + 1, DYN).ret();
  }

  @Test
  void indirectCallsUseTheModeOfTheMoment() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label sum = new RiscvAssembler.Label();
    a.la(T0, sum);
    for (int frm : new int[] {0, 4, 3, 4, 0}) {
      a.emit(Opcode.CSRRWI, 0, FRM, frm);
      a.emit(Opcode.JALR, 1, 0, T0);
      // The results one after the other, a bit each.
      a.emit(Opcode.FMV_X_D, T1, FA0 + 2).emit(Opcode.ANDI, T1, T1, 1);
      a.emit(Opcode.SLLI, A0, A0, 1).emit(Opcode.OR, A0, A0, T1);
    }
    a.emit(Opcode.ECALL);
    bindSum(a, sum);
    run(a);
    assertEquals(0b01110, hart.x(A0));
  }

  @Test
  void directCallsAndReturnsUseTheModeOfTheMoment() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label sum = new RiscvAssembler.Label();
    a.li(A1, 6);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ANDI, T1, A1, 1).emit(Opcode.SLLI, T1, T1, 2);
    a.emit(Opcode.CSRRW, 0, FRM, T1);
    a.call(sum);
    a.emit(Opcode.FMV_X_D, T1, FA0 + 2).emit(Opcode.ANDI, T1, T1, 1);
    a.emit(Opcode.SLLI, A0, A0, 1).emit(Opcode.OR, A0, A0, T1);
    a.emit(Opcode.ADDI, A1, A1, -1).branch(Opcode.BNE, A1, 0, loop);
    a.emit(Opcode.ECALL);
    bindSum(a, sum);
    run(a);
    assertEquals(0b010101, hart.x(A0));
  }

  @Test
  void aModeSetFromOutsideHolds() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label sum = new RiscvAssembler.Label();
    a.la(T0, sum);
    RiscvAssembler.Label again = a.here();
    a.emit(Opcode.JALR, 1, 0, T0);
    a.emit(Opcode.ECALL);
    a.jump(again);
    bindSum(a, sum);
    run(a);
    assertEquals(ONE, hart.f(FA0 + 2));
    for (int frm = 0; frm < 5; frm++) {
      hart.fcsr(frm << 5);
      hart.pc(hart.pc() + 4);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(frm < 3 ? ONE : NEXT, hart.f(FA0 + 2), "frm " + frm);
    }
  }

  @Test
  void reservedModesAreIllegal() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.CSRRWI, 0, FRM, 5);
    int at = a.offset();
    a.emit(Opcode.FADD_D, FA0, FA0, FA0, DYN);
    memory.code(a.bytes());
    hart.pc(CODE);
    assertInstanceOf(Stop.IllegalInstruction.class, hart.run());
    assertEquals(CODE + at, hart.pc());
  }
}
