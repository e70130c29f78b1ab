package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

/** Additional floating-point instructions (ISA manual, chapter "Zfa"). */
final class FloatAdditionalInstructions {
  /** The upper half of a boxed single-precision value. */
  private static final long BOX = -1L << 32;

  private static final int MIN_NORMAL = 1;

  /** The constants of fli; the one at {@link #MIN_NORMAL} depends on the precision. */
  private static final double[] CONSTANTS = {
    -1.0, 0x1p-1022, 0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0.0625, 0.125,
    0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875,
    1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0,
    8.0, 16.0, 128.0, 256.0, 0x1p15, 0x1p16, Double.POSITIVE_INFINITY, Double.NaN
  };

  private FloatAdditionalInstructions() {}

  static Flow fliS(Emitter e) {
    int index = e.instruction().rs1();
    float value = index == MIN_NORMAL ? Float.MIN_NORMAL : (float) CONSTANTS[index];
    return e.setFd(e.emit(BITS_TO_FLOAT, e.constant(BOX | Float.floatToIntBits(value) & ~BOX)));
  }

  static Flow fliD(Emitter e) {
    long bits = Double.doubleToLongBits(CONSTANTS[e.instruction().rs1()]);
    return e.setFd(e.emit(BITS_TO_FLOAT, e.constant(bits)));
  }

  static Flow fminm(Emitter e, Precision p) {
    return FloatInstructions.choice(e, p, p.pick(FMINM_S, FMINM_D));
  }

  static Flow fmaxm(Emitter e, Precision p) {
    return FloatInstructions.choice(e, p, p.pick(FMAXM_S, FMAXM_D));
  }

  static Flow fround(Emitter e, Precision p) {
    return FloatInstructions.arithmetic(e, p, p.pick(FROUND_S, FROUND_D));
  }

  static Flow froundnx(Emitter e, Precision p) {
    return FloatInstructions.arithmetic(e, p, p.pick(FROUNDNX_S, FROUNDNX_D));
  }

  static Flow fltq(Emitter e, Precision p) {
    return FloatInstructions.comparison(e, p, p.pick(FLTQ_S, FLTQ_D));
  }

  static Flow fleq(Emitter e, Precision p) {
    return FloatInstructions.comparison(e, p, p.pick(FLEQ_S, FLEQ_D));
  }

  static Flow fcvtmodWD(Emitter e) {
    return e.setRd(e.emit(FCVTMOD_W_D, e.f(e.instruction().rs1())));
  }
}
