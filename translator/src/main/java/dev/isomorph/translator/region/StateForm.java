package dev.isomorph.translator.region;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * How a guest register's value comes from a bare one that is enough for computing: by operations of
 * that value and constants, such as the sign extension of a word, or making a NaN canonical and
 * boxing a single. Where only the guest's state asks for the result, they are done when the state
 * is asked for.
 *
 * @param before what is done first, null for the last operation alone or {@link #PLAIN}
 * @param op the last operation, null for the value itself
 * @param constant its second operand, if it has one
 */
public record StateForm(StateForm before, IrOp op, long constant) {
  /** The value itself. */
  public static final StateForm PLAIN = new StateForm(null, null, 0);

  private static final long CANONICAL_DOUBLE = 0x7ff8L << 48;
  private static final long CANONICAL_SINGLE = 0x7fc0_0000L;
  private static final long BOX = 0xffff_ffffL << 32;

  /** This form, and then an operation of one variable operand. */
  public StateForm then(IrOp next, long constant) {
    return new StateForm(this == PLAIN ? null : this, next, constant);
  }

  /** This form, and then an operation that {@link #isStep}. */
  public StateForm then(IrBlock code, int id) {
    IrOp next = code.op(id);
    return then(next, next.operands() > 1 ? code.imm(code.b(id)) : 0);
  }

  /** Whether a value may be made late from its first operand. */
  public static boolean isStep(IrBlock code, int id) {
    IrOp op = code.op(id);
    return switch (op) {
      case BOX_S, CANON_S, CANON_D -> true;
      default ->
          IntegerSemantics.defines(op)
              && (op.operands() == 1 || op.operands() == 2 && code.isConstant(code.b(id)));
    };
  }

  /** What comes from a bare value. */
  public long of(long bare) {
    if (op == null) {
      return bare;
    }
    long value = before == null ? bare : before.of(bare);
    return switch (op) {
      case CANON_D -> Double.isNaN(Double.longBitsToDouble(value)) ? CANONICAL_DOUBLE : value;
      case CANON_S -> Float.isNaN(Float.intBitsToFloat((int) value)) ? CANONICAL_SINGLE : value;
      case BOX_S -> BOX | value;
      default -> IntegerSemantics.apply(op, value, constant, 0);
    };
  }
}
