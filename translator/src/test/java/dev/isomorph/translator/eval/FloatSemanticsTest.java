package dev.isomorph.translator.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.translator.ir.IrOp;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether each operation of the IR is the one its name says; the arithmetic has its own tests. */
class FloatSemanticsTest {
  private interface Doubles {
    double apply(double a, double b, double c);
  }

  private interface Floats {
    float apply(float a, float b, float c);
  }

  private static final Map<IrOp, Doubles> DOUBLES = new EnumMap<>(IrOp.class);
  private static final Map<IrOp, Floats> FLOATS = new EnumMap<>(IrOp.class);

  static {
    DOUBLES.put(IrOp.FADD_D, (a, b, c) -> a + b);
    DOUBLES.put(IrOp.FSUB_D, (a, b, c) -> a - b);
    DOUBLES.put(IrOp.FMUL_D, (a, b, c) -> a * b);
    DOUBLES.put(IrOp.FDIV_D, (a, b, c) -> a / b);
    DOUBLES.put(IrOp.FSQRT_D, (a, b, c) -> Math.sqrt(a));
    DOUBLES.put(IrOp.FMADD_D, Math::fma);
    DOUBLES.put(IrOp.FMSUB_D, (a, b, c) -> Math.fma(a, b, -c));
    DOUBLES.put(IrOp.FNMSUB_D, (a, b, c) -> Math.fma(-a, b, c));
    DOUBLES.put(IrOp.FNMADD_D, (a, b, c) -> Math.fma(-a, b, -c));
    DOUBLES.put(IrOp.FMIN_D, (a, b, c) -> Double.isNaN(a) ? b : Math.min(a, b));
    DOUBLES.put(IrOp.FMAX_D, (a, b, c) -> Double.isNaN(a) ? b : Math.max(a, b));
    DOUBLES.put(IrOp.FMINM_D, (a, b, c) -> Math.min(a, b));
    DOUBLES.put(IrOp.FMAXM_D, (a, b, c) -> Math.max(a, b));
    DOUBLES.put(IrOp.FROUND_D, (a, b, c) -> Math.rint(a));
    DOUBLES.put(IrOp.FROUNDNX_D, (a, b, c) -> Math.rint(a));
    FLOATS.put(IrOp.FADD_S, (a, b, c) -> a + b);
    FLOATS.put(IrOp.FSUB_S, (a, b, c) -> a - b);
    FLOATS.put(IrOp.FMUL_S, (a, b, c) -> a * b);
    FLOATS.put(IrOp.FDIV_S, (a, b, c) -> a / b);
    FLOATS.put(IrOp.FSQRT_S, (a, b, c) -> (float) Math.sqrt(a));
    FLOATS.put(IrOp.FMADD_S, Math::fma);
    FLOATS.put(IrOp.FMSUB_S, (a, b, c) -> Math.fma(a, b, -c));
    FLOATS.put(IrOp.FNMSUB_S, (a, b, c) -> Math.fma(-a, b, c));
    FLOATS.put(IrOp.FNMADD_S, (a, b, c) -> Math.fma(-a, b, -c));
    FLOATS.put(IrOp.FMIN_S, (a, b, c) -> Float.isNaN(a) ? b : Math.min(a, b));
    FLOATS.put(IrOp.FMAX_S, (a, b, c) -> Float.isNaN(a) ? b : Math.max(a, b));
    FLOATS.put(IrOp.FMINM_S, (a, b, c) -> Math.min(a, b));
    FLOATS.put(IrOp.FMAXM_S, (a, b, c) -> Math.max(a, b));
    FLOATS.put(IrOp.FROUND_S, (a, b, c) -> (float) Math.rint(a));
    FLOATS.put(IrOp.FROUNDNX_S, (a, b, c) -> (float) Math.rint(a));
  }

  private static final double[] VALUES = {2.5, -7.25, 0.0, -0.0, 1e30, 3.0e-5, Double.NaN};

  /** Upper halves that must not matter to single precision. */
  private static final long JUNK = 0x1234_5678L << 32;

  private final FloatEnvironment environment = new FloatEnvironment();
  private final FloatSemantics semantics = new FloatSemantics(environment);

  private long apply(IrOp op, RoundingMode mode, long a, long b, long c) {
    environment.begin(mode);
    return semantics.apply(op, a, b, c);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long junkedBits(float value) {
    return JUNK | Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }

  @Test
  void arithmetic() {
    for (double a : VALUES) {
      for (double b : VALUES) {
        if (Double.isNaN(b)) {
          continue; // the models of fmin and fmax expect it in a
        }
        for (double c : VALUES) {
          DOUBLES.forEach((op, model) -> checkDouble(op, model, a, b, c));
          FLOATS.forEach((op, model) -> checkFloat(op, model, (float) a, (float) b, (float) c));
        }
      }
    }
  }

  private void checkDouble(IrOp op, Doubles model, double a, double b, double c) {
    long result = apply(op, RoundingMode.RNE, bits(a), bits(b), bits(c));
    assertEquals(Double.doubleToLongBits(model.apply(a, b, c)), result, op::name);
  }

  private void checkFloat(IrOp op, Floats model, float a, float b, float c) {
    long result = apply(op, RoundingMode.RNE, junkedBits(a), junkedBits(b), junkedBits(c));
    assertEquals(Float.floatToIntBits(model.apply(a, b, c)), (int) result, op::name);
  }

  @ParameterizedTest
  @CsvSource({
    "FEQ, 1, 2, 0, 0", "FEQ, 2, 2, 1, 0", "FEQ, NaN, 2, 0, 0",
    "FLT, 1, 2, 1, 0", "FLT, 2, 2, 0, 0", "FLT, NaN, 2, 0, 16",
    "FLE, 3, 2, 0, 0", "FLE, 2, 2, 1, 0", "FLE, 1, NaN, 0, 16",
    "FLTQ, 1, 2, 1, 0", "FLTQ, 2, 2, 0, 0", "FLTQ, NaN, 2, 0, 0",
    "FLEQ, 3, 2, 0, 0", "FLEQ, 2, 2, 1, 0", "FLEQ, 1, NaN, 0, 0"
  })
  void comparisons(String name, double a, double b, long expected, int flags) {
    assertEquals(expected, apply(IrOp.valueOf(name + "_D"), RoundingMode.RNE, bits(a), bits(b), 0));
    assertEquals(flags, environment.flags());
    long single =
        apply(
            IrOp.valueOf(name + "_S"),
            RoundingMode.RNE,
            junkedBits((float) a),
            junkedBits((float) b),
            0);
    assertEquals(expected, single);
    assertEquals(flags, environment.flags());
  }

  @ParameterizedTest
  @CsvSource({"FROUND, 0", "FROUNDNX, 1"})
  void onlyFroundnxRaisesInexact(String name, int flags) {
    assertEquals(bits(3), apply(IrOp.valueOf(name + "_D"), RoundingMode.RUP, bits(2.25), 0, 0));
    assertEquals(flags, environment.flags());
    long single = apply(IrOp.valueOf(name + "_S"), RoundingMode.RUP, junkedBits(2.25f), 0, 0);
    assertEquals(Float.floatToIntBits(3), single);
    assertEquals(flags, environment.flags());
  }

  @ParameterizedTest
  @CsvSource({
    "W, -3.5, -3", "WU, -3.5, 0", "L, -3.5, -3", "LU, -3.5, 0",
    "W, 3e9, 2147483647", "WU, 3e9, -1294967296", "L, 3e9, 3000000000", "LU, 3e9, 3000000000",
    "WU, 1e10, -1", "L, 1e19, 9223372036854775807", "LU, 1e19, -8446744073709551616"
  })
  void toIntegers(String type, double value, long expected) {
    assertEquals(
        expected, apply(IrOp.valueOf("FCVT_" + type + "_D"), RoundingMode.RTZ, bits(value), 0, 0));
    if ((float) value == value) {
      IrOp op = IrOp.valueOf("FCVT_" + type + "_S");
      assertEquals(expected, apply(op, RoundingMode.RTZ, junkedBits((float) value), 0, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "W, ffffffff, -1",
    "W, 1ffffffff, -1",
    "WU, ffffffff, 4294967295",
    "WU, fffffffffffffffe, 4294967294",
    "L, ffffffffffffffff, -1",
    "L, 100000000, 4294967296",
    "LU, ffffffffffffffff, 18446744073709551615"
  })
  void fromIntegers(String type, String bits, double expected) {
    long integer = Long.parseUnsignedLong(bits, 16);
    assertEquals(
        bits(expected), apply(IrOp.valueOf("FCVT_D_" + type), RoundingMode.RNE, integer, 0, 0));
    assertEquals(
        junkedBits((float) expected) ^ JUNK,
        apply(IrOp.valueOf("FCVT_S_" + type), RoundingMode.RNE, integer, 0, 0));
  }

  @Test
  void modularConversion() {
    assertEquals(5, apply(IrOp.FCVTMOD_W_D, RoundingMode.RUP, bits(4294967301.5), 0, 0));
  }

  @Test
  void formats() {
    assertEquals(junkedBits(1.5f) ^ JUNK, apply(IrOp.FCVT_S_D, RoundingMode.RNE, bits(1.5), 0, 0));
    assertEquals(bits(1.5), apply(IrOp.FCVT_D_S, RoundingMode.RNE, junkedBits(1.5f), 0, 0));
    assertEquals(
        junkedBits(1.5f) ^ JUNK, apply(IrOp.FCVT_S_H, RoundingMode.RNE, JUNK | 0x3e00, 0, 0));
    assertEquals(0x3e00, apply(IrOp.FCVT_H_S, RoundingMode.RNE, junkedBits(1.5f), 0, 0));
    assertEquals(bits(1.5), apply(IrOp.FCVT_D_H, RoundingMode.RNE, JUNK | 0x3e00, 0, 0));
    assertEquals(0x3e00, apply(IrOp.FCVT_H_D, RoundingMode.RNE, bits(1.5), 0, 0));
    assertEquals(0x7e00, apply(IrOp.FCVT_H_D, RoundingMode.RNE, -1, 0, 0));
  }

  @Test
  void coversAllOperationsThatAccrueFlags() {
    Set<IrOp> others = EnumSet.of(IrOp.GET_FFLAGS, IrOp.SET_FFLAGS, IrOp.COUNTER, IrOp.GUARD);
    for (IrOp op : IrOp.values()) {
      if (op.effect() == IrOp.Effect.FLAGS && !others.contains(op)) {
        apply(op, RoundingMode.RNE, 0, 0, 0);
      } else {
        assertThrows(
            IllegalArgumentException.class, () -> apply(op, RoundingMode.RNE, 0, 0, 0), op::name);
      }
    }
  }
}
