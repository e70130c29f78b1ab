package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.Comparison.Relation.EQUAL;
import static dev.isomorph.conformance.golden.Comparison.Relation.LESS;
import static dev.isomorph.conformance.golden.Comparison.Relation.LESS_OR_EQUAL;
import static dev.isomorph.conformance.golden.Format.DOUBLE;
import static dev.isomorph.conformance.golden.Format.SINGLE;
import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import java.util.function.LongBinaryOperator;

/** Floating-point computation and comparison (ISA manual, chapters "F", "D", "Zfa"). */
final class FloatInstructions {
  private static final int DYNAMIC = 7;
  private static final Rounding[] MODES = Rounding.values();

  private FloatInstructions() {}

  private interface Unary {
    Result apply(Arithmetic arithmetic, Datum a);
  }

  private interface Binary {
    Result apply(Arithmetic arithmetic, Datum a, Datum b);
  }

  private interface Ternary {
    Result apply(Arithmetic arithmetic, Datum a, Datum b, Datum c);
  }

  /** The rounding mode in force; a reserved one is an illegal instruction. */
  static Rounding rounding(GoldenHart hart, Instruction i) {
    int mode = i.rm() == DYNAMIC ? hart.frm() : i.rm();
    if (mode >= MODES.length) {
      throw new Trap(new Ending.IllegalInstruction(i.bits()));
    }
    return MODES[mode];
  }

  static Arithmetic arithmetic(GoldenHart hart, Instruction i, Format format) {
    return new Arithmetic(format, rounding(hart, i));
  }

  static Datum read(GoldenHart hart, Format format, int register) {
    return format.decode(format.unbox(hart.f(register)));
  }

  static void writeFloat(GoldenHart hart, Instruction i, Format format, Result result) {
    hart.f(i.rd(), format.box(result.bits()));
    hart.accrue(result.flags());
  }

  static void writeInteger(GoldenHart hart, Instruction i, Result result) {
    hart.x(i.rd(), result.bits());
    hart.accrue(result.flags());
  }

  private static Semantics unary(Format format, Unary op) {
    return (hart, i) ->
        writeFloat(
            hart, i, format, op.apply(arithmetic(hart, i, format), read(hart, format, i.rs1())));
  }

  private static Semantics binary(Format format, Binary op) {
    return (hart, i) ->
        writeFloat(
            hart,
            i,
            format,
            op.apply(
                arithmetic(hart, i, format),
                read(hart, format, i.rs1()),
                read(hart, format, i.rs2())));
  }

  private static Semantics ternary(Format format, Ternary op) {
    return (hart, i) ->
        writeFloat(
            hart,
            i,
            format,
            op.apply(
                arithmetic(hart, i, format),
                read(hart, format, i.rs1()),
                read(hart, format, i.rs2()),
                read(hart, format, i.rs3())));
  }

  private static Semantics choose(Format format, boolean least, boolean nanWins) {
    return (hart, i) -> {
      long a = format.unbox(hart.f(i.rs1()));
      long b = format.unbox(hart.f(i.rs2()));
      writeFloat(hart, i, format, Comparison.choose(format, least, nanWins, a, b));
    };
  }

  private static Semantics compare(Format format, Comparison.Relation relation, boolean signals) {
    return (hart, i) -> {
      Datum a = read(hart, format, i.rs1());
      Datum b = read(hart, format, i.rs2());
      writeInteger(hart, i, Comparison.compare(relation, signals, a, b));
    };
  }

  /** rs1 with a sign made from the signs of rs1 and rs2, each 0 or 1. */
  private static Semantics injectSign(Format format, LongBinaryOperator sign) {
    int top = format.width() - 1;
    return (hart, i) -> {
      long a = format.unbox(hart.f(i.rs1()));
      long b = format.unbox(hart.f(i.rs2()));
      long result = a & ~(1L << top) | sign.applyAsLong(a >>> top, b >>> top) << top;
      hart.f(i.rd(), format.box(result));
    };
  }

  private static Semantics classify(Format format) {
    return (hart, i) -> hart.x(i.rd(), Comparison.classify(format, read(hart, format, i.rs1())));
  }

  /** Defines one instruction in both precisions. */
  private interface Definition {
    Semantics of(Format format);
  }

  private static void define(InstructionSet set, Opcode single, Opcode dbl, Definition definition) {
    set.define(single, definition.of(SINGLE));
    set.define(dbl, definition.of(DOUBLE));
  }

  static void define(InstructionSet set) {
    define(set, FADD_S, FADD_D, f -> binary(f, Arithmetic::sum));
    define(set, FSUB_S, FSUB_D, f -> binary(f, Arithmetic::difference));
    define(set, FMUL_S, FMUL_D, f -> binary(f, Arithmetic::product));
    define(set, FDIV_S, FDIV_D, f -> binary(f, Arithmetic::quotient));
    define(set, FSQRT_S, FSQRT_D, f -> unary(f, Arithmetic::squareRoot));
    define(set, FROUND_S, FROUND_D, f -> unary(f, (op, a) -> op.integral(a, false)));
    define(set, FROUNDNX_S, FROUNDNX_D, f -> unary(f, (op, a) -> op.integral(a, true)));

    define(set, FMADD_S, FMADD_D, f -> ternary(f, (op, a, b, c) -> op.productSum(a, b, c)));
    define(
        set, FMSUB_S, FMSUB_D, f -> ternary(f, (op, a, b, c) -> op.productSum(a, b, c.negated())));
    define(
        set,
        FNMSUB_S,
        FNMSUB_D,
        f -> ternary(f, (op, a, b, c) -> op.productSum(a.negated(), b, c)));
    define(
        set,
        FNMADD_S,
        FNMADD_D,
        f -> ternary(f, (op, a, b, c) -> op.productSum(a.negated(), b, c.negated())));

    define(set, FMIN_S, FMIN_D, f -> choose(f, true, false));
    define(set, FMAX_S, FMAX_D, f -> choose(f, false, false));
    define(set, FMINM_S, FMINM_D, f -> choose(f, true, true));
    define(set, FMAXM_S, FMAXM_D, f -> choose(f, false, true));
    define(set, FEQ_S, FEQ_D, f -> compare(f, EQUAL, false));
    define(set, FLT_S, FLT_D, f -> compare(f, LESS, true));
    define(set, FLE_S, FLE_D, f -> compare(f, LESS_OR_EQUAL, true));
    define(set, FLTQ_S, FLTQ_D, f -> compare(f, LESS, false));
    define(set, FLEQ_S, FLEQ_D, f -> compare(f, LESS_OR_EQUAL, false));
    define(set, FSGNJ_S, FSGNJ_D, f -> injectSign(f, (a, b) -> b));
    define(set, FSGNJN_S, FSGNJN_D, f -> injectSign(f, (a, b) -> b ^ 1));
    define(set, FSGNJX_S, FSGNJX_D, f -> injectSign(f, (a, b) -> a ^ b));
    define(set, FCLASS_S, FCLASS_D, FloatInstructions::classify);
  }
}
