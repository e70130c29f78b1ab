package dev.isomorph.translator.ir;

import static dev.isomorph.translator.ir.IrOp.Effect.EXIT;
import static dev.isomorph.translator.ir.IrOp.Effect.FLAGS;
import static dev.isomorph.translator.ir.IrOp.Effect.MEMORY_READ;
import static dev.isomorph.translator.ir.IrOp.Effect.MEMORY_WRITE;
import static dev.isomorph.translator.ir.IrOp.Effect.PURE;
import static dev.isomorph.translator.ir.IrOp.Effect.STATE;
import static dev.isomorph.translator.ir.ValueType.FLOAT;
import static dev.isomorph.translator.ir.ValueType.INT;
import static dev.isomorph.translator.ir.ValueType.NONE;

/**
 * The operations of the intermediate representation. An operation has up to three operands {@code
 * a}, {@code b}, {@code c}, which are values (numbers of earlier operations), and one immediate
 * {@code imm}.
 *
 * <p>Conventions: integer values are 64 bits. Operations named {@code …32} use the low 32 bits of
 * their operands and give a result that is <em>zero-extended</em>; RISC-V's sign extension of word
 * results is a separate {@link #SEXT32}. Shift amounts count modulo the width. Division follows the
 * ISA manual (M chapter): by zero gives all ones / the dividend, overflow gives the dividend /
 * zero. Comparisons give 0 or 1. Float operations work on raw register bits; those of suffix {@code
 * _S} read and write the low 32 bits only.
 */
public enum IrOp {
  /** The constant {@code imm}. */
  CONST(INT, 0, PURE),

  // Guest state.
  /** Reads the integer slot {@code imm}. */
  GET(INT, 0, PURE),
  /** Writes {@code a} to the integer slot {@code imm}. */
  PUT(NONE, 1, STATE),
  /** Reads the float slot {@code imm}. */
  GETF(FLOAT, 0, PURE),
  /** Writes {@code a} to the float slot {@code imm}. */
  PUTF(NONE, 1, STATE),

  // 64-bit integer arithmetic.
  ADD(INT, 2, PURE),
  SUB(INT, 2, PURE),
  AND(INT, 2, PURE),
  OR(INT, 2, PURE),
  XOR(INT, 2, PURE),
  SHL(INT, 2, PURE),
  SHR(INT, 2, PURE),
  SAR(INT, 2, PURE),
  ROL(INT, 2, PURE),
  ROR(INT, 2, PURE),
  MUL(INT, 2, PURE),
  /** High half of the signed 128-bit product. */
  MULH(INT, 2, PURE),
  /** High half of the unsigned product. */
  MULHU(INT, 2, PURE),
  /** High half of the product of signed {@code a} and unsigned {@code b}. */
  MULHSU(INT, 2, PURE),
  DIV(INT, 2, PURE),
  DIVU(INT, 2, PURE),
  REM(INT, 2, PURE),
  REMU(INT, 2, PURE),

  // 32-bit integer arithmetic, results zero-extended.
  ADD32(INT, 2, PURE),
  SUB32(INT, 2, PURE),
  SHL32(INT, 2, PURE),
  SHR32(INT, 2, PURE),
  SAR32(INT, 2, PURE),
  ROL32(INT, 2, PURE),
  ROR32(INT, 2, PURE),
  MUL32(INT, 2, PURE),
  DIV32(INT, 2, PURE),
  DIVU32(INT, 2, PURE),
  REM32(INT, 2, PURE),
  REMU32(INT, 2, PURE),

  // Extensions and bit counting.
  SEXT8(INT, 1, PURE),
  SEXT16(INT, 1, PURE),
  SEXT32(INT, 1, PURE),
  ZEXT8(INT, 1, PURE),
  ZEXT16(INT, 1, PURE),
  ZEXT32(INT, 1, PURE),
  /** {@code a}, but its word's sign extension if it is the zero extension of a negative one. */
  RESIGN32(INT, 1, PURE),
  /** Leading zeros, 64 for 0. */
  CLZ(INT, 1, PURE),
  /** Leading zeros of the low 32 bits, 32 for 0. */
  CLZ32(INT, 1, PURE),
  /** Trailing zeros, 64 for 0. */
  CTZ(INT, 1, PURE),
  /** Trailing zeros of the low 32 bits, 32 for 0. */
  CTZ32(INT, 1, PURE),
  CPOP(INT, 1, PURE),
  CPOP32(INT, 1, PURE),
  /** Byte reversal (rev8). */
  BSWAP(INT, 1, PURE),
  /** Every non-zero byte becomes 0xff (orc.b). */
  ORCB(INT, 1, PURE),
  CLMUL(INT, 2, PURE),
  CLMULH(INT, 2, PURE),
  CLMULR(INT, 2, PURE),

  // Comparison and selection.
  CMPEQ(INT, 2, PURE),
  CMPNE(INT, 2, PURE),
  CMPLT(INT, 2, PURE),
  CMPGE(INT, 2, PURE),
  CMPLTU(INT, 2, PURE),
  CMPGEU(INT, 2, PURE),
  /** {@code a != 0 ? b : c}. */
  SELECT(INT, 3, PURE),

  // Memory; the address is a + imm (wrapping).
  LD8S(INT, 1, MEMORY_READ),
  LD8U(INT, 1, MEMORY_READ),
  LD16S(INT, 1, MEMORY_READ),
  LD16U(INT, 1, MEMORY_READ),
  LD32S(INT, 1, MEMORY_READ),
  LD32U(INT, 1, MEMORY_READ),
  LD64(INT, 1, MEMORY_READ),
  ST8(NONE, 2, MEMORY_WRITE),
  ST16(NONE, 2, MEMORY_WRITE),
  ST32(NONE, 2, MEMORY_WRITE),
  ST64(NONE, 2, MEMORY_WRITE),
  /** Loads 32 bits into the low half of a float value; the upper half is unspecified. */
  LDF_S(FLOAT, 1, MEMORY_READ),
  LDF_D(FLOAT, 1, MEMORY_READ),
  STF_S(NONE, 2, MEMORY_WRITE),
  STF_D(NONE, 2, MEMORY_WRITE),
  /** Faults like a one-byte store unless the byte may be loaded or stored; changes nothing. */
  PROBE(NONE, 1, MEMORY_READ),

  // Atomics: address a (no displacement), misaligned addresses fault. 32-bit results are
  // sign-extended.
  LR32(INT, 1, MEMORY_WRITE),
  LR64(INT, 1, MEMORY_WRITE),
  /** Store-conditional of {@code b}: 0 on success, 1 on failure. */
  SC32(INT, 2, MEMORY_WRITE),
  SC64(INT, 2, MEMORY_WRITE),
  /** Atomic {@link AmoKind} number {@code imm} with operand {@code b}; gives the old value. */
  AMO32(INT, 2, MEMORY_WRITE),
  AMO64(INT, 2, MEMORY_WRITE),
  /** Orders earlier memory accesses before later ones; {@code imm} 1: also writes before reads. */
  FENCE(NONE, 0, MEMORY_WRITE),
  /** Zeroes the 64-byte block that contains address {@code a}, at which it may fault (cbo.zero). */
  ZERO_BLOCK(NONE, 1, MEMORY_WRITE),

  // Float arithmetic; imm is the rounding mode (0–4, or 7 for frm). Results that are NaN have
  // unspecified bits until CANON_* has made them canonical. All accrue flags.
  FADD_S(FLOAT, 2, FLAGS),
  FADD_D(FLOAT, 2, FLAGS),
  FSUB_S(FLOAT, 2, FLAGS),
  FSUB_D(FLOAT, 2, FLAGS),
  FMUL_S(FLOAT, 2, FLAGS),
  FMUL_D(FLOAT, 2, FLAGS),
  FDIV_S(FLOAT, 2, FLAGS),
  FDIV_D(FLOAT, 2, FLAGS),
  FSQRT_S(FLOAT, 1, FLAGS),
  FSQRT_D(FLOAT, 1, FLAGS),
  /** {@code a * b + c} with one rounding; the canonical NaN for any NaN, as of the next three. */
  FMADD_S(FLOAT, 3, FLAGS),
  FMADD_D(FLOAT, 3, FLAGS),
  /** {@code a * b - c}. */
  FMSUB_S(FLOAT, 3, FLAGS),
  FMSUB_D(FLOAT, 3, FLAGS),
  /** {@code -(a * b) + c} (fnmsub). */
  FNMSUB_S(FLOAT, 3, FLAGS),
  FNMSUB_D(FLOAT, 3, FLAGS),
  /** {@code -(a * b) - c} (fnmadd). */
  FNMADD_S(FLOAT, 3, FLAGS),
  FNMADD_D(FLOAT, 3, FLAGS),
  /** minimumNumber (fmin): canonical NaN only if both are NaN, -0 below +0. */
  FMIN_S(FLOAT, 2, FLAGS, false),
  FMIN_D(FLOAT, 2, FLAGS, false),
  FMAX_S(FLOAT, 2, FLAGS, false),
  FMAX_D(FLOAT, 2, FLAGS, false),
  /** minimum (Zfa fminm): canonical NaN if either is NaN. */
  FMINM_S(FLOAT, 2, FLAGS, false),
  FMINM_D(FLOAT, 2, FLAGS, false),
  FMAXM_S(FLOAT, 2, FLAGS, false),
  FMAXM_D(FLOAT, 2, FLAGS, false),
  /** Rounds to an integral value (Zfa fround), rounding mode imm, never inexact. */
  FROUND_S(FLOAT, 1, FLAGS),
  FROUND_D(FLOAT, 1, FLAGS),
  /** Rounds to an integral value (Zfa froundnx), raising inexact. */
  FROUNDNX_S(FLOAT, 1, FLAGS),
  FROUNDNX_D(FLOAT, 1, FLAGS),
  /** {@code a} unless it is a NaN, else the canonical NaN. */
  CANON_S(FLOAT, 1, PURE),
  CANON_D(FLOAT, 1, PURE),
  /** The low half of {@code a} if its upper half is all ones, else the canonical single NaN. */
  UNBOX_S(FLOAT, 1, PURE, true),
  /** {@code a}'s low half with an upper half of all ones. */
  BOX_S(FLOAT, 1, PURE),
  /** Sign injection: magnitude of {@code a}, sign of {@code b}, its inverse, or the xor of both. */
  FSGNJ_S(FLOAT, 2, PURE),
  FSGNJ_D(FLOAT, 2, PURE),
  FSGNJN_S(FLOAT, 2, PURE),
  FSGNJN_D(FLOAT, 2, PURE),
  FSGNJX_S(FLOAT, 2, PURE),
  FSGNJX_D(FLOAT, 2, PURE),
  // Comparisons: FEQ and the …Q forms are quiet, the others signal on any NaN.
  FEQ_S(INT, 2, FLAGS, false),
  FEQ_D(INT, 2, FLAGS, false),
  FLT_S(INT, 2, FLAGS, false),
  FLT_D(INT, 2, FLAGS, false),
  FLE_S(INT, 2, FLAGS, false),
  FLE_D(INT, 2, FLAGS, false),
  FLTQ_S(INT, 2, FLAGS, false),
  FLTQ_D(INT, 2, FLAGS, false),
  FLEQ_S(INT, 2, FLAGS, false),
  FLEQ_D(INT, 2, FLAGS, false),
  FCLASS_S(INT, 1, PURE),
  FCLASS_D(INT, 1, PURE),
  // Conversions to integers, saturating; the register result as the ISA defines it (32-bit ones
  // sign-extended, unsigned ones too).
  FCVT_W_S(INT, 1, FLAGS),
  FCVT_WU_S(INT, 1, FLAGS),
  FCVT_L_S(INT, 1, FLAGS),
  FCVT_LU_S(INT, 1, FLAGS),
  FCVT_W_D(INT, 1, FLAGS),
  FCVT_WU_D(INT, 1, FLAGS),
  FCVT_L_D(INT, 1, FLAGS),
  FCVT_LU_D(INT, 1, FLAGS),
  /** Zfa fcvtmod.w.d: modular, rounding towards zero. */
  FCVTMOD_W_D(INT, 1, FLAGS),
  // Conversions from integers (…_W use the low 32 bits).
  FCVT_S_W(FLOAT, 1, FLAGS),
  FCVT_S_WU(FLOAT, 1, FLAGS),
  FCVT_S_L(FLOAT, 1, FLAGS),
  FCVT_S_LU(FLOAT, 1, FLAGS),
  FCVT_D_W(FLOAT, 1, FLAGS),
  FCVT_D_WU(FLOAT, 1, FLAGS),
  FCVT_D_L(FLOAT, 1, FLAGS),
  FCVT_D_LU(FLOAT, 1, FLAGS),
  // Conversions between formats. NaN results need CANON_*; FCVT_H_* give the canonical NaN
  // themselves. Half values are the low 16 bits; from half: the low 16 bits are taken as they are.
  FCVT_S_D(FLOAT, 1, FLAGS),
  FCVT_D_S(FLOAT, 1, FLAGS),
  FCVT_S_H(FLOAT, 1, FLAGS),
  FCVT_H_S(FLOAT, 1, FLAGS),
  FCVT_D_H(FLOAT, 1, FLAGS),
  FCVT_H_D(FLOAT, 1, FLAGS),
  /** The 64 register bits as an integer. */
  FLOAT_TO_BITS(INT, 1, PURE),
  /** An integer as 64 register bits. */
  BITS_TO_FLOAT(FLOAT, 1, PURE),
  /** The accrued exception flags (fflags, 5 bits). */
  GET_FFLAGS(INT, 0, FLAGS),
  /** Sets the accrued exception flags to the low 5 bits of {@code a}. */
  SET_FFLAGS(NONE, 1, FLAGS),
  /** Counter CSR number {@code imm} (0xc00 cycle, 0xc01 time, 0xc02 instret). */
  COUNTER(INT, 0, FLAGS),
  /**
   * Stops for {@link TrapKind#PRIVILEGED}, pc at the current instruction, unless {@code a} is 0.
   */
  GUARD(NONE, 1, FLAGS),

  // Exits. Side exits leave the block when the comparison holds; the others end it.
  /** To guest pc {@code imm} if a == b. */
  EXIT_EQ(NONE, 2, EXIT),
  EXIT_NE(NONE, 2, EXIT),
  EXIT_LT(NONE, 2, EXIT),
  EXIT_GE(NONE, 2, EXIT),
  EXIT_LTU(NONE, 2, EXIT),
  EXIT_GEU(NONE, 2, EXIT),
  /** To guest pc {@code imm}. */
  JUMP(NONE, 0, EXIT),
  /** A call to guest pc {@code imm}; the constant {@code a} is the return pc (already in ra). */
  CALL(NONE, 1, EXIT),
  /** To the guest pc in {@code a}, whose bit 0 is taken for clear. */
  JUMP_INDIRECT(NONE, 1, EXIT),
  /** As {@link #JUMP_INDIRECT}, a call whose return pc is the constant {@code b}. */
  CALL_INDIRECT(NONE, 2, EXIT),
  /** As {@link #JUMP_INDIRECT}, a return. */
  RETURN(NONE, 1, EXIT),
  /**
   * As {@link #JUMP_INDIRECT}, where privilege, rights to data or the float unit may be others than
   * before: the slots {@link StateSlot#STATUS} and {@link StateSlot#PRIVILEGE} tell.
   */
  SWITCH(NONE, 1, EXIT),
  /** Stops for {@link TrapKind} number {@code imm}, pc at the current instruction. */
  TRAP(NONE, 0, EXIT);

  /** What an operation does besides giving a value. */
  public enum Effect {
    /** Nothing: may be removed, repeated, reordered. */
    PURE,
    /** Writes guest state. */
    STATE,
    /** Reads guest memory: may fault. */
    MEMORY_READ,
    /** Writes or orders guest memory: may fault. */
    MEMORY_WRITE,
    /** Reads or accrues float state, reads a counter, or guards: keeps its place, never faults. */
    FLAGS,
    /** May leave the block. */
    EXIT
  }

  private static final int DYNAMIC_ROUNDING = 7;

  private final ValueType type;
  private final int operands;
  private final Effect effect;
  private final boolean mayLeave;

  IrOp(ValueType type, int operands, Effect effect) {
    this(type, operands, effect, effect != Effect.PURE && effect != Effect.STATE);
  }

  IrOp(ValueType type, int operands, Effect effect, boolean mayLeave) {
    this.type = type;
    this.operands = operands;
    this.effect = effect;
    this.mayLeave = mayLeave;
  }

  /** The type of the result. */
  public ValueType type() {
    return type;
  }

  /** The side exit that leaves when this one does not; null if it is none. */
  public IrOp opposite() {
    return switch (this) {
      case EXIT_EQ -> EXIT_NE;
      case EXIT_NE -> EXIT_EQ;
      case EXIT_LT -> EXIT_GE;
      case EXIT_GE -> EXIT_LT;
      case EXIT_LTU -> EXIT_GEU;
      case EXIT_GEU -> EXIT_LTU;
      default -> null;
    };
  }

  /** How many of a, b, c are used, in this order. */
  public int operands() {
    return operands;
  }

  /** What the operation does besides giving a value. */
  public Effect effect() {
    return effect;
  }

  /** Whether a guest memory access may make the operation fault. */
  public boolean accessesMemory() {
    return effect == MEMORY_READ || effect == MEMORY_WRITE;
  }

  /** The bytes that a plain load or store accesses; 0 for all others. */
  public int accessedBytes() {
    return switch (this) {
      case LD8S, LD8U, ST8 -> 1;
      case LD16S, LD16U, ST16 -> 2;
      case LD32S, LD32U, ST32, LDF_S, STF_S -> 4;
      case LD64, ST64, LDF_D, STF_D -> 8;
      default -> 0;
    };
  }

  /**
   * As {@link IrBlock#mayLeave}, of an operation with this immediate: what rounds by the dynamic
   * mode, which the host has, is not handed over.
   */
  boolean mayLeave(long imm) {
    return mayLeave && !(imm == DYNAMIC_ROUNDING && isRounded());
  }

  /** Whether this adds, subtracts, multiplies, divides or takes a root of floats. */
  private boolean isRounded() {
    return switch (this) {
      case FADD_S, FSUB_S, FMUL_S, FDIV_S, FSQRT_S -> true;
      case FADD_D, FSUB_D, FMUL_D, FDIV_D, FSQRT_D -> true;
      default -> false;
    };
  }

  /** Whether this multiplies and adds with one rounding. */
  public boolean isFusedMultiplyAdd() {
    return switch (this) {
      case FMADD_S, FMADD_D, FMSUB_S, FMSUB_D, FNMADD_S, FNMADD_D, FNMSUB_S, FNMSUB_D -> true;
      default -> false;
    };
  }

  /** Whether this compares two floats: 1 if the relation holds, else 0. */
  public boolean comparesFloats() {
    return switch (this) {
      case FEQ_S, FEQ_D, FLT_S, FLT_D, FLE_S, FLE_D, FLTQ_S, FLTQ_D, FLEQ_S, FLEQ_D -> true;
      default -> false;
    };
  }

  /** Whether this gives a quotient or a remainder of integers. */
  public boolean divides() {
    return switch (this) {
      case DIV, DIVU, REM, REMU, DIV32, DIVU32, REM32, REMU32 -> true;
      default -> false;
    };
  }

  /** Whether control never passes to the next operation. */
  public boolean endsBlock() {
    return effect == EXIT && ordinal() >= JUMP.ordinal();
  }

  /** Whether this is a conditional exit. */
  public boolean isSideExit() {
    return effect == EXIT && ordinal() < JUMP.ordinal();
  }
}
