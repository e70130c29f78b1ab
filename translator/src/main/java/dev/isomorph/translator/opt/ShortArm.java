package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.BitSet;

/**
 * What one side of a branch does, if it may as well be done on both: a few integer operations that
 * cannot leave the block. For blocks as they come from the lifter, where each instruction reads its
 * registers anew.
 */
final class ShortArm {
  /** More than is ever allowed. */
  private static final int TOO_MUCH = 1000;

  private final BitSet written = new BitSet(StateSlot.COUNT);
  private int operations;

  /**
   * Looks at operations of a block.
   *
   * @return false if they cannot be done on both sides, or take long
   */
  boolean look(IrBlock block, int start, int end) {
    written.clear();
    operations = 0;
    for (int id = start; id < end; id++) {
      IrOp op = block.op(id);
      switch (op) {
        case GET, CONST -> {}
        case PUT -> {
          if (block.imm(id) >= StateSlot.F0) {
            return false;
          }
          written.set((int) block.imm(id));
        }
        default -> {
          if (op.effect() != IrOp.Effect.PURE || block.mayLeave(id) || cost(op) == TOO_MUCH) {
            return false;
          }
          operations += cost(op);
        }
      }
    }
    return true;
  }

  /** What an operation counts that may be done for nothing; {@link #TOO_MUCH} if it takes long. */
  static int cost(IrOp op) {
    if (op.divides()) {
      return TOO_MUCH;
    }
    return switch (op) {
      // Their results are most often wanted by what follows only, and then go.
      case GET, CONST, SEXT32, ZEXT32 -> 0;
      case MULH, MULHU, MULHSU, CLMUL, CLMULH, CLMULR, ORCB -> TOO_MUCH;
      default -> 1;
    };
  }

  /** How many operations compute something. */
  int operations() {
    return operations;
  }

  /** The guest registers that are written; not to be changed. */
  BitSet written() {
    return written;
  }
}
