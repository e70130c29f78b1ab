package dev.isomorph.conformance.coverage;

import static dev.isomorph.conformance.coverage.Places.*;
import static dev.isomorph.conformance.coverage.Signs.*;

import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.golden.Rounding;
import dev.isomorph.decoder.Opcode;

/**
 * Circumstances under which instructions do something else than usual, or implementations are prone
 * to get them wrong. Each says for which instructions there is such a circumstance, at which of the
 * operands, and how to tell from a case that it was met.
 */
public enum Corner {
  // Values of integer sources.
  ZERO(INTEGER_DATA, integer(v -> v == 0)),
  ONE(INTEGER_DATA, integer(v -> v == 1)),
  MINUS_ONE(INTEGER_DATA, integer(v -> v == -1)),
  GREATEST(INTEGER_DATA, integer(v -> v == Long.MAX_VALUE)),
  LEAST(INTEGER_DATA, integer(v -> v == Long.MIN_VALUE)),
  GREATEST_WORD(INTEGER_DATA, integer(v -> v == Integer.MAX_VALUE)),
  LEAST_WORD(INTEGER_DATA, integer(v -> v == Integer.MIN_VALUE)),
  WORD_SIGN_BIT(INTEGER_DATA, integer(v -> v == 0x8000_0000L)),
  UNSIGNED_WORD(INTEGER_DATA, integer(v -> v == 0xffff_ffffL)),
  MORE_THAN_A_WORD(INTEGER_DATA, integer(v -> v != (int) v && v != (v & 0xffff_ffffL))),
  EQUAL_VALUES(INTEGER_PAIR, (c, p) -> c.i().rs1() != c.i().rs2() && c.integer(1) == c.integer(2)),

  // Registers: zero, and the same ones.
  X0(INTEGER_REGISTERS, (c, p) -> Case.register(c.i(), p) == 0),
  RD_IS_RS1(encoded(i -> i.rd() == i.rs1(), RD, RS1), (c, p) -> c.i().rd() == c.i().rs1()),
  RD_IS_RS2(encoded(i -> i.rd() == i.rs2(), RD, RS2), (c, p) -> c.i().rd() == c.i().rs2()),
  RD_IS_RS3(encoded(i -> i.rd() == i.rs3(), RD, RS3), (c, p) -> c.i().rd() == c.i().rs3()),
  RS1_IS_RS2(encoded(i -> i.rs1() == i.rs2(), RS1, RS2), (c, p) -> c.i().rs1() == c.i().rs2()),
  RS1_IS_RS3(encoded(i -> i.rs1() == i.rs3(), RS1, RS3), (c, p) -> c.i().rs1() == c.i().rs3()),
  RS2_IS_RS3(encoded(i -> i.rs2() == i.rs3(), RS2, RS3), (c, p) -> c.i().rs2() == c.i().rs3()),
  ALL_THE_SAME(encoded(Signs::allTheSame, RD, RS1, RS2), (c, p) -> allTheSame(c.i())),
  ALL_FOUR_THE_SAME(
      encoded(Signs::allFourTheSame, RD, RS1, RS2, RS3), (c, p) -> allFourTheSame(c.i())),

  // Immediates and orderings.
  IMMEDIATE_ZERO(immediate(0), (c, p) -> c.i().imm() == 0),
  IMMEDIATE_MINUS_ONE(immediate(-1), (c, p) -> c.i().imm() == -1),
  IMMEDIATE_LEAST(LEAST_IMMEDIATE, (c, p) -> c.i().imm() == c.shape().leastImmediate()),
  IMMEDIATE_GREATEST(GREATEST_IMMEDIATE, (c, p) -> c.i().imm() == c.shape().greatestImmediate()),
  ACQUIRE(when(Shape::isAtomic), (c, p) -> c.i().aq() && !c.i().rl()),
  RELEASE(when(Shape::isAtomic), (c, p) -> c.i().rl() && !c.i().aq()),
  ACQUIRE_AND_RELEASE(when(Shape::isAtomic), (c, p) -> c.i().aq() && c.i().rl()),

  // Values of float sources.
  POSITIVE_ZERO(FLOATS, number((bits, format) -> bits == 0)),
  NEGATIVE_ZERO(FLOATS, number((bits, format) -> bits == sign(format))),
  POSITIVE_ONE(FLOATS, number((bits, format) -> bits == one(format))),
  NEGATIVE_ONE(FLOATS, number((bits, format) -> bits == (one(format) | sign(format)))),
  LEAST_SUBNORMAL(FLOATS, number((bits, format) -> magnitude(bits, format) == 1)),
  GREATEST_SUBNORMAL(
      FLOATS, number((bits, format) -> magnitude(bits, format) == leastNormal(format) - 1)),
  LEAST_NORMAL(FLOATS, number((bits, format) -> magnitude(bits, format) == leastNormal(format))),
  GREATEST_FINITE(FLOATS, number((bits, format) -> bits == format.infinity(false) - 1)),
  LEAST_FINITE(FLOATS, number((bits, format) -> bits == format.infinity(true) - 1)),
  INFINITY(FLOATS, number((bits, format) -> bits == format.infinity(false))),
  NEGATIVE_INFINITY(FLOATS, number((bits, format) -> bits == format.infinity(true))),
  CANONICAL_NAN(FLOATS, number((bits, format) -> bits == format.canonicalNan())),
  QUIET_NAN(FLOATS, number((bits, format) -> isOtherQuietNan(bits, format))),
  SIGNALLING_NAN(FLOATS, number((bits, format) -> isSignallingNan(bits, format))),
  NEGATIVE_NAN(
      FLOATS, number((bits, format) -> Long.compareUnsigned(bits, format.infinity(true)) > 0)),
  WRONGLY_BOXED(NARROW_FLOATS, (c, p) -> !c.isBoxed(p)),

  // Rounding modes.
  STATIC_RNE(ROUNDED, rounding(Rounding.RNE.ordinal())),
  STATIC_RTZ(ROUNDED, rounding(Rounding.RTZ.ordinal())),
  STATIC_RDN(ROUNDED, rounding(Rounding.RDN.ordinal())),
  STATIC_RUP(ROUNDED, rounding(Rounding.RUP.ordinal())),
  STATIC_RMM(ROUNDED, rounding(Rounding.RMM.ordinal())),
  STATIC_RESERVED_5(ROUNDED, reserved(5)),
  STATIC_RESERVED_6(ROUNDED, reserved(6)),
  DYNAMIC_RNE(ROUNDED, dynamic(Rounding.RNE.ordinal())),
  DYNAMIC_RTZ(ROUNDED, dynamic(Rounding.RTZ.ordinal())),
  DYNAMIC_RDN(ROUNDED, dynamic(Rounding.RDN.ordinal())),
  DYNAMIC_RUP(ROUNDED, dynamic(Rounding.RUP.ordinal())),
  DYNAMIC_RMM(ROUNDED, dynamic(Rounding.RMM.ordinal())),
  DYNAMIC_RESERVED_5(ROUNDED, dynamicReserved(5)),
  DYNAMIC_RESERVED_6(ROUNDED, dynamicReserved(6)),
  DYNAMIC_RESERVED_7(ROUNDED, dynamicReserved(7)),

  // Results and flags of float instructions.
  INVALID(raising(Flags.NV), raised(Flags.NV)),
  DIVISION_BY_ZERO(raising(Flags.DZ), raised(Flags.DZ)),
  OVERFLOW(raising(Flags.OF), raised(Flags.OF)),
  UNDERFLOW(raising(Flags.UF), raised(Flags.UF)),
  INEXACT(raising(Flags.NX), raised(Flags.NX)),
  FLAGS_KEPT(FLOAT_INSTRUCTIONS, (c, p) -> c.flagsBefore() == 31),
  FLAGS_ADDED(RAISING, (c, p) -> c.flagsBefore() != 0 && c.flagsRaised() != 0),
  NO_FLAGS(FLOAT_INSTRUCTIONS, (c, p) -> c.flagsBefore() == 0 && c.flagsRaised() == 0),
  SUBNORMAL_RESULT(raising(Flags.OF), (c, p) -> isSubnormal(c.result(), c.shape().resultFormat())),
  OVERFLOW_TO_INFINITY(raising(Flags.OF), (c, p) -> raised(Flags.OF).met(c, p) && isInfinite(c)),
  OVERFLOW_TO_FINITE(raising(Flags.OF), (c, p) -> raised(Flags.OF).met(c, p) && !isInfinite(c)),
  SATURATED_ABOVE(TO_INTEGER, saturated(false)),
  SATURATED_BELOW(TO_INTEGER, saturated(true)),

  // Memory.
  ALIGNED(MEMORY, (c, p) -> c.address() % c.shape().width() == 0 && isAllowed(c)),
  MISALIGNED(WIDE_MEMORY, (c, p) -> c.address() % c.shape().width() != 0),
  CROSSING_LINES(WIDE_ACCESSES, (c, p) -> crosses(c, 64) && isAllowed(c)),
  CROSSING_PAGES(WIDE_ACCESSES, (c, p) -> crosses(c, 4096) && isAllowed(c)),
  SECOND_PAGE_FORBIDDEN(
      WIDE_ACCESSES, (c, p) -> crosses(c, 4096) && startIsAllowed(c) && !isAllowed(c)),
  READ_ONLY(STORES, (c, p) -> isReadable(c) && !isWritable(c)),
  UNMAPPED(MEMORY, (c, p) -> !isReadable(c) && isInWindow(c)),
  OUTSIDE(MEMORY, (c, p) -> !isInWindow(c)),
  LOADING_CODE(LOADS, (c, p) -> isCode(c.address())),
  CONDITIONAL_SUCCEEDS(CONDITIONALS, (c, p) -> isConditionalResult(c, 0)),
  CONDITIONAL_FAILS(CONDITIONALS, (c, p) -> isConditionalResult(c, 1)),
  RESERVATION_SPENT(
      CONDITIONALS, (c, p) -> c.before().code().length == 3 && isConditionalResult(c, 1)),

  // Control.
  TAKEN(BRANCHES, (c, p) -> isTaken(c)),
  NOT_TAKEN(BRANCHES, (c, p) -> !isTaken(c)),
  BACKWARDS(RELATIVE_JUMPS, (c, p) -> c.i().imm() < 0),
  TARGET_NOT_FETCHABLE(RELATIVE_JUMPS, (c, p) -> isTaken(c) && !isCode(target(c))),
  ODD_TARGET(INDIRECT_JUMPS, (c, p) -> (c.address() & 1) != 0),

  // Division.
  DIVISOR_ZERO(DIVISIONS, (c, p) -> isZeroDivisor(c)),
  QUOTIENT_OVERFLOW(SIGNED_DIVISIONS, (c, p) -> isQuotientOverflow(c)),

  // Control and status registers.
  CSR_FFLAGS(CSR, csr(1)),
  CSR_FRM(CSR, csr(2)),
  CSR_FCSR(CSR, csr(3)),
  CSR_CYCLE(CSR_READS, csr(0xc00)),
  CSR_TIME(CSR_READS, csr(0xc01)),
  CSR_INSTRET(CSR_READS, csr(0xc02)),
  COUNTER_WRITTEN(CSR, (c, p) -> c.isIllegal() && isCounter(c)),
  CSR_UNKNOWN(CSR, (c, p) -> c.isIllegal() && !isCounter(c)),

  // Encodings that are illegal, and where instructions lie.
  ALL_ZEROS(only(Opcode.ILLEGAL), (c, p) -> c.i().bits() == 0),
  ALL_ONES(only(Opcode.ILLEGAL), (c, p) -> c.i().bits() == -1),
  ILLEGAL_COMPRESSED(only(Opcode.ILLEGAL), (c, p) -> c.i().length() == 2),
  ILLEGAL_FULL_SIZE(only(Opcode.ILLEGAL), (c, p) -> c.i().length() == 4),
  AT_END_OF_CODE(ALL, (c, p) -> !isCode(c.pc() + c.i().length())),
  ON_TWO_PAGES(FULL_SIZE, (c, p) -> c.pc() % 4096 == 4094),
  SECOND_HALF_NOT_FETCHABLE(FULL_SIZE, (c, p) -> c.pc() % 4096 == 4094 && !isCode(c.pc() + 2));

  /** At which operands of an instruction a corner can be, as bits of places. */
  @FunctionalInterface
  interface Where {
    int places(Shape shape);
  }

  /** How to tell that a corner was met. */
  @FunctionalInterface
  interface Sign {
    boolean met(Case c, int place);
  }

  private final Where where;
  private final Sign sign;

  Corner(Where where, Sign sign) {
    this.where = where;
    this.sign = sign;
  }

  /** The operands that the corner applies to, as bits: rd, rs1, rs2, rs3; or bit 0; or none. */
  int places(Shape shape) {
    return where.places(shape);
  }

  boolean isMet(Case c, int place) {
    return sign.met(c, place);
  }
}
