package dev.isomorph.translator.region;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Random;

/**
 * Float operations as the evaluator does them, but for what is not specified: then a NaN is any
 * quiet one, and the upper half of a single anything.
 */
final class HostLikeFloats {
  private static final int RESULT = 1;
  private static final long QUIET_DOUBLE = 0xfff8L << 48;
  private static final long QUIET_SINGLE = 0xffc0_0000L;
  private static final int WORD = 32;

  private final Evaluator evaluator = new Evaluator();
  private final ArrayState state = new ArrayState();
  private final Random random = new Random(1);

  long apply(IrOp op, long a, long b, long c, long imm) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0, 0, 4);
    int[] operands = {block.constant(a), block.constant(b), block.constant(c)};
    int result = block.emit(op, operands[0], operands[1], operands[2], imm);
    block.emit(IrOp.PUT, result, IrBlock.NONE, IrBlock.NONE, RESULT);
    block.emit(IrOp.JUMP, IrBlock.NONE, 0L);
    evaluator.run(block, state, null);
    return asHost(op, state.get(RESULT));
  }

  private long asHost(IrOp op, long value) {
    return switch (op) {
      case FADD_D, FSUB_D, FMUL_D, FDIV_D, FSQRT_D, FCVT_D_S ->
          Double.isNaN(Double.longBitsToDouble(value)) ? QUIET_DOUBLE | random.nextInt() : value;
      case FADD_S, FSUB_S, FMUL_S, FDIV_S, FSQRT_S, FCVT_S_D ->
          anyUpperHalf(
              Float.isNaN(Float.intBitsToFloat((int) value))
                  ? QUIET_SINGLE | random.nextInt(1 << 20)
                  : value);
      case UNBOX_S,
          CANON_S,
          FSGNJ_S,
          FSGNJN_S,
          FSGNJX_S,
          FMIN_S,
          FMAX_S,
          FCVT_S_W,
          FCVT_S_L,
          FMADD_S ->
          anyUpperHalf(value);
      default -> value;
    };
  }

  /** A single with something above it. */
  long anyUpperHalf(long single) {
    return random.nextLong() << WORD | single & -1L >>> WORD;
  }

  int fflags() {
    return state.fflags();
  }
}
