package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.eval.ArrayMemory;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import org.junit.jupiter.api.Test;

/**
 * Lifts single instructions for the evaluator, runs them, and looks at what became of the state.
 */
class InstructionMeaningTest {
  private static final long PC = 0x1000;
  private static final int RMM = 4;
  private static final int DYN = 7;
  private static final long BOX = -1L << 32;
  private static final long HALF_BOX = -1L << 16;

  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;

  private final ArrayState state = new ArrayState();
  private final ArrayMemory memory = new ArrayMemory();

  @Test
  void wordResultsAreSignExtended() {
    assertResult(0xffff_ffff_8000_0000L, ADDW, 0x7fff_ffff, 1);
    assertResult(0xffff_ffff_8000_0000L, DIVW, 0x8000_0000L, -1);
    assertResult(-1, DIVUW, 0x1234, 0x1_0000_0000L);
    assertResult(0xffff_ffff_8000_0000L, REMUW, 0x8000_0000L, 0);
    assertResult(1, SRLW, 0xffff_ffff_8000_0000L, 31 + 32);
    assertResult(0xffff_ffff_8000_0001L, ROLW, 0xc000_0000L, 1);
    assertResult(0x20, CLZW, 0xffff_ffff_0000_0000L, 0);
  }

  @Test
  void unsignedWordFormsTakeTheLowHalfOfTheIndexOnly() {
    assertResult(0x1_0000_0000L, ADD_UW, 0xffff_ffff_ffff_ffffL, 1);
    assertResult(0x7_ffff_fff8L + 5, SH3ADD_UW, -1, 5);
    assertResult(-8 + 5, SH3ADD, -1, 5);
  }

  @Test
  void comparesSignedAndUnsigned() {
    assertResult(-1, MIN, -1, 1);
    assertResult(1, MINU, -1, 1);
    assertResult(1, MAX, -1, 1);
    assertResult(-1, MAXU, -1, 1);
    assertResult(1, SLT, -1, 1);
    assertResult(0, SLTU, -1, 1);
  }

  @Test
  void singleBitInstructionsCountModulo64() {
    assertResult(1L << 63, BSET, 0, 127);
    assertResult(0, BCLR, 1, 64);
    assertResult(1, BEXT, 2, 65);
    assertResult(3, BINV, 2, 64);
  }

  @Test
  void conditionalZero() {
    assertResult(0, CZERO_EQZ, 7, 0);
    assertResult(7, CZERO_EQZ, 7, 1L << 40);
    assertResult(7, CZERO_NEZ, 7, 0);
    assertResult(0, CZERO_NEZ, 7, 1L << 40);
  }

  @Test
  void mayBeOperationsWriteZero() {
    state.put(A0, 5);
    run(Encoder.encode(MOP_R, 3, A0, A1));
    assertEquals(0, state.get(A0));
  }

  @Test
  void jalrReadsItsTargetBeforeItLinks() {
    state.put(1, 0x2001);
    assertEquals(0x2004, run(Encoder.encode(JALR, 1, 4, 1)).nextPc());
    assertEquals(PC + 4, state.get(1));
  }

  @Test
  void compressedCallsLinkBehindTwoBytes() {
    state.put(A0, 0x2000);
    assertEquals(0x2000, run(Encoder.encode(C_JALR, A0)).nextPc());
    assertEquals(PC + 2, state.get(1));
  }

  @Test
  void branchesGoWhereTheComparisonSays() {
    state.put(A0, -1);
    state.put(A1, 1);
    assertEquals(PC - 8, run(Encoder.encode(BLT, A0, A1, -8)).nextPc());
    assertEquals(PC + 4, run(Encoder.encode(BLTU, A0, A1, -8)).nextPc());
  }

  @Test
  void loadsToX0Fault() {
    state.put(A1, 0x100);
    Outcome outcome = run(Encoder.encode(LD, 0, 8, A1));
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertEquals(0x108, outcome.address());
  }

  @Test
  void atomicsGiveTheOldValueSignExtended() {
    memory.set(ArrayMemory.BASE, 0, 0, 0, 0x80);
    state.put(A1, ArrayMemory.BASE);
    state.put(A2, 1);
    run(Encoder.encode(AMOMAX_W, A0, A2, A1));
    assertEquals(0xffff_ffff_8000_0000L, state.get(A0));
    assertEquals(1, memory.load(ArrayMemory.BASE, 4));
  }

  @Test
  void storeConditionalSucceedsOnceAfterLoadReserved() {
    state.put(A1, ArrayMemory.BASE);
    state.put(A2, 9);
    run(Encoder.encode(LR_D, A0, A1));
    run(Encoder.encode(SC_D, A0, A2, A1));
    assertEquals(0, state.get(A0));
    assertEquals(9, memory.load(ArrayMemory.BASE, 8));
    run(Encoder.encode(SC_D, A0, A2, A1));
    assertEquals(1, state.get(A0));
  }

  @Test
  void zeroesTheBlockAroundTheAddress() {
    memory.set(ArrayMemory.BASE + 63, 1, 2);
    state.put(A1, ArrayMemory.BASE + 13);
    run(Encoder.encode(CBO_ZERO, A1));
    assertEquals(0, memory.load(ArrayMemory.BASE + 63, 1));
    assertEquals(2, memory.load(ArrayMemory.BASE + 64, 1));
  }

  @Test
  void floatControlRegisterHoldsModeAndFlags() {
    state.put(A1, 0xffff_ff00L | 3 << 5 | 0x11);
    run(Encoder.encode(CSRRW, A0, 3, A1));
    assertEquals(0, state.get(A0));
    assertEquals(3, state.get(StateSlot.FRM));
    assertEquals(0x11, state.fflags());
    run(Encoder.encode(CSRRCI, A0, 1, 1));
    assertEquals(0x11, state.get(A0));
    assertEquals(0x10, state.fflags());
    run(Encoder.encode(CSRRSI, A0, 2, 4));
    assertEquals(3, state.get(A0));
    assertEquals(7, state.get(StateSlot.FRM));
    run(Encoder.encode(CSRRS, A0, 3, 0));
    assertEquals(0xf0, state.get(A0));
  }

  @Test
  void aControlRegisterIsReadBeforeItIsWrittenFromTheSameRegister() {
    state.fflags(2);
    state.put(A0, 8);
    run(Encoder.encode(CSRRW, A0, 1, A0));
    assertEquals(2, state.get(A0));
    assertEquals(8, state.fflags());
  }

  @Test
  void countersAreReadOnly() {
    run(Encoder.encode(CSRRS, A0, 0xc01, 0));
    assertEquals(0xc01 * 1000L, state.get(A0));
    assertEquals(TrapKind.ILLEGAL_INSTRUCTION, run(Encoder.encode(CSRRWI, 0, 0xc01, 0)).trap());
  }

  @Test
  void aReservedDynamicRoundingModeIsIllegal() {
    state.put(StateSlot.FRM, 5);
    assertEquals(TrapKind.ILLEGAL_INSTRUCTION, run(Encoder.encode(FADD_D, 0, 1, 2, DYN)).trap());
    assertEquals(Outcome.Kind.EXIT, run(Encoder.encode(FADD_D, 0, 1, 2, 0)).kind());
    assertEquals(Outcome.Kind.EXIT, run(Encoder.encode(FMIN_D, 0, 1, 2)).kind());
  }

  @Test
  void roundsToMaxMagnitude() {
    state.put(StateSlot.f(1), Double.doubleToLongBits(2.5));
    run(Encoder.encode(FCVT_L_D, A0, 1, RMM));
    assertEquals(3, state.get(A0));
    state.put(StateSlot.FRM, RMM);
    run(Encoder.encode(FCVT_L_D, A0, 1, DYN));
    assertEquals(3, state.get(A0));
    run(Encoder.encode(FCVT_L_D, A0, 1, 0));
    assertEquals(2, state.get(A0));
  }

  @Test
  void singlesAreUnboxedAndBoxed() {
    setSingle(1, 1.5f);
    setSingle(2, 2.25f);
    run(Encoder.encode(FADD_S, 3, 1, 2, 0));
    assertEquals(BOX | bits(3.75f), state.get(StateSlot.f(3)));
    state.put(StateSlot.f(2), bits(2.25f));
    run(Encoder.encode(FADD_S, 3, 1, 2, 0));
    assertEquals(BOX | 0x7fc0_0000L, state.get(StateSlot.f(3)));
    run(Encoder.encode(FSGNJ_S, 3, 2, 1));
    assertEquals(BOX | 0x7fc0_0000L, state.get(StateSlot.f(3)));
  }

  @Test
  void movesTakeRawBits() {
    state.put(StateSlot.f(1), 0x1234_5678_8765_4321L);
    run(Encoder.encode(FMV_X_W, A0, 1));
    assertEquals(0xffff_ffff_8765_4321L, state.get(A0));
    run(Encoder.encode(FMV_X_H, A0, 1));
    assertEquals(0x4321, state.get(A0));
    state.put(A1, ArrayMemory.BASE);
    run(Encoder.encode(FSW, 1, 0, A1));
    assertEquals(0x8765_4321L, memory.load(ArrayMemory.BASE, 8));
    run(Encoder.encode(FLW, 2, 0, A1));
    assertEquals(BOX | 0x8765_4321L, state.get(StateSlot.f(2)));
    run(Encoder.encode(FMV_W_X, 2, A1));
    assertEquals(BOX | ArrayMemory.BASE, state.get(StateSlot.f(2)));
  }

  @Test
  void fusedFormsHaveTheManualsSigns() {
    setDouble(1, 2);
    setDouble(2, 3);
    setDouble(3, 10);
    assertDouble(16, FMADD_D);
    assertDouble(-4, FMSUB_D);
    assertDouble(4, FNMSUB_D);
    assertDouble(-16, FNMADD_D);
  }

  @Test
  void convertsBetweenFormats() {
    setDouble(1, 1.0);
    run(Encoder.encode(FCVT_S_D, 2, 1, 0));
    assertEquals(BOX | bits(1f), state.get(StateSlot.f(2)));
    run(Encoder.encode(FCVT_H_D, 2, 1, 0));
    assertEquals(HALF_BOX | 0x3c00, state.get(StateSlot.f(2)));
    run(Encoder.encode(FCVT_S_H, 3, 2, 0));
    assertEquals(BOX | bits(1f), state.get(StateSlot.f(3)));
    state.put(StateSlot.f(2), BOX | 0x3c00);
    run(Encoder.encode(FCVT_D_H, 3, 2, 0));
    assertEquals(0x7ff8_0000_0000_0000L, state.get(StateSlot.f(3)));
    state.put(StateSlot.f(1), 0xfff0_0000_0000_0001L);
    run(Encoder.encode(FCVT_S_D, 3, 1, 0));
    assertEquals(BOX | 0x7fc0_0000L, state.get(StateSlot.f(3)));
  }

  @Test
  void halvesAreStoredRawAndLoadedBoxed() {
    state.put(A1, ArrayMemory.BASE);
    state.put(StateSlot.f(1), 0x1234_5678_9abc_def0L);
    run(Encoder.encode(FSH, 1, 2, A1));
    run(Encoder.encode(FLH, 2, 2, A1));
    assertEquals(HALF_BOX | 0xdef0, state.get(StateSlot.f(2)));
    run(Encoder.encode(FMV_H_X, 2, A1));
    assertEquals(HALF_BOX, state.get(StateSlot.f(2)));
  }

  @Test
  void minimaDifferInWhatTheyMakeOfNans() {
    setDouble(1, 1);
    setDouble(2, Double.NaN);
    run(Encoder.encode(FMIN_D, 3, 1, 2));
    assertEquals(Double.doubleToLongBits(1), state.get(StateSlot.f(3)));
    run(Encoder.encode(FMINM_D, 3, 1, 2));
    assertEquals(Double.doubleToLongBits(Double.NaN), state.get(StateSlot.f(3)));
  }

  @Test
  void modularConversionWraps() {
    setDouble(1, 0x1p32 + 5.5);
    run(Encoder.encode(FCVTMOD_W_D, A0, 1));
    assertEquals(5, state.get(A0));
  }

  private void assertResult(long expected, Opcode opcode, long rs1, long rs2) {
    state.put(A1, rs1);
    state.put(A2, rs2);
    boolean unary = opcode == CLZW;
    run(unary ? Encoder.encode(opcode, A0, A1) : Encoder.encode(opcode, A0, A1, A2));
    assertEquals(expected, state.get(A0), opcode::name);
  }

  private void assertDouble(double expected, Opcode opcode) {
    run(Encoder.encode(opcode, 4, 1, 2, 3, 0));
    assertEquals(expected, Double.longBitsToDouble(state.get(StateSlot.f(4))), opcode::name);
  }

  private void setSingle(int register, float value) {
    state.put(StateSlot.f(register), BOX | bits(value));
  }

  private void setDouble(int register, double value) {
    state.put(StateSlot.f(register), Double.doubleToLongBits(value));
  }

  private static long bits(float value) {
    return Float.floatToIntBits(value) & 0xffff_ffffL;
  }

  private Outcome run(int encoding) {
    IrBlock block = new IrBlock();
    if (!new Lifter(LiftMode.EVALUATE).lift(Decoder.decode(encoding), PC, block)) {
      block.emit(IrOp.JUMP, IrBlock.NONE, block.endPc());
    }
    assertTrue(IrVerifier.verify(block));
    return new Evaluator().run(block, state, memory);
  }
}
