package dev.isomorph.translator.lift;

import dev.isomorph.translator.ir.IrOp;

/**
 * The two floating-point formats with arithmetic: which operations they use, and how their values
 * are kept in float registers (ISA manual, chapter "D", "NaN Boxing of Narrower Values").
 */
enum Precision {
  SINGLE {
    @Override
    IrOp pick(IrOp single, IrOp dbl) {
      return single;
    }

    @Override
    int read(Emitter e, int register) {
      return e.emit(IrOp.UNBOX_S, e.f(register));
    }

    @Override
    Flow setFd(Emitter e, int value) {
      return e.setFd(e.emit(IrOp.BOX_S, value));
    }
  },
  DOUBLE {
    @Override
    IrOp pick(IrOp single, IrOp dbl) {
      return dbl;
    }

    @Override
    int read(Emitter e, int register) {
      return e.f(register);
    }

    @Override
    Flow setFd(Emitter e, int value) {
      return e.setFd(value);
    }
  };

  /** The one of two operations that is of this precision. */
  abstract IrOp pick(IrOp single, IrOp dbl);

  /** The value in a float register; not a properly boxed one counts as NaN. */
  abstract int read(Emitter e, int register);

  /** Writes the float destination register. */
  abstract Flow setFd(Emitter e, int value);

  /** Writes the float destination register, the canonical NaN for any NaN. */
  Flow setCanonicalFd(Emitter e, int value) {
    return setFd(e, e.emit(pick(IrOp.CANON_S, IrOp.CANON_D), value));
  }
}
