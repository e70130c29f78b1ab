package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.BitSet;

/**
 * Makes selections of branches that skip a few operations which cannot leave the block: both ways
 * are gone, and each guest register that was written is chosen. A branch that cannot be predicted
 * costs more than that, one that can be about as much.
 *
 * <p>For blocks as they come from the lifter, where each instruction reads its registers anew.
 */
final class IfConversion {
  /** Operations that compute something and instructions that may be skipped, at most. */
  private static final int MOST_OPERATIONS = 3;

  private static final int MOST_INSTRUCTIONS = 4;

  /** Guest registers that may be written, at most. */
  private static final int MOST_WRITTEN = 3;

  private final ShortArm arm = new ShortArm();
  private final Selections selections;
  private int[] renamed = new int[0];
  private IrBlock from;
  private IrBlock to;

  IfConversion(Selections selections) {
    this.selections = selections;
  }

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return false if it stays as it is; what {@code to} has then means nothing
   */
  boolean run(IrBlock block, IrBlock to) {
    from = block;
    this.to = to;
    int next = nextBranch(0);
    if (next < 0) {
      return false;
    }
    if (renamed.length < from.size()) {
      renamed = new int[2 * from.size()];
    }
    to.clear();
    to.copyInstructions(from);
    int id = 0;
    while (next >= 0) {
      copy(id, next);
      id = end(next);
      convert(next, id);
      next = nextBranch(id);
    }
    copy(id, from.size());
    return true;
  }

  /** The next branch that can be converted, -1 if there is none. */
  private int nextBranch(int start) {
    for (int id = start; id < from.size(); id++) {
      if (from.op(id).isSideExit()
          && from.imm(id) > from.pcOf(id)
          && end(id) >= 0
          && selections.mayBe(from, id)
          && isCheap(id + 1, end(id))) {
        return id;
      }
    }
    return -1;
  }

  /** The first operation behind a branch that it does not skip; -1 if it skips too much. */
  private int end(int branch) {
    long target = from.imm(branch);
    int last = from.instructionOf(branch) + MOST_INSTRUCTIONS;
    for (int id = branch + 1; id < from.size(); id++) {
      boolean isJump = from.op(id) == IrOp.JUMP && from.imm(id) == target;
      if (isJump || from.pcOf(id) == target) {
        return id;
      }
      if (from.instructionOf(id) > last || from.pcOf(id) > target) {
        return -1;
      }
    }
    return -1;
  }

  private boolean isCheap(int start, int end) {
    return arm.look(from, start, end)
        && arm.operations() <= MOST_OPERATIONS
        && arm.written().cardinality() <= MOST_WRITTEN;
  }

  private void copy(int start, int end) {
    for (int id = start; id < end; id++) {
      renamed[id] = to.emitCopy(from, id, from.instructionOf(id), renamed);
    }
  }

  private int rename(int value) {
    return value == NONE ? NONE : renamed[value];
  }

  private void convert(int branch, int end) {
    selections.note(from, branch);
    arm.look(from, branch + 1, end);
    BitSet written = arm.written();
    int[] before = new int[written.cardinality()];
    int count = 0;
    int owner = from.instructionOf(branch);
    for (int slot = written.nextSetBit(0); slot >= 0; slot = written.nextSetBit(slot + 1)) {
      before[count++] = to.emitFor(owner, IrOp.GET, NONE, NONE, NONE, slot);
    }
    int a = rename(from.a(branch));
    int b = rename(from.b(branch));
    int skips = to.emitFor(owner, comparison(from.op(branch)), a, b, NONE, 0);
    copy(branch + 1, end);
    owner = end > branch + 1 ? from.instructionOf(end - 1) : owner;
    count = 0;
    for (int slot = written.nextSetBit(0); slot >= 0; slot = written.nextSetBit(slot + 1)) {
      int after = to.emitFor(owner, IrOp.GET, NONE, NONE, NONE, slot);
      int chosen = to.emitFor(owner, IrOp.SELECT, skips, before[count++], after, 0);
      to.emitFor(owner, IrOp.PUT, chosen, NONE, NONE, slot);
    }
  }

  /** What gives 1 where a branch is taken. */
  static IrOp comparison(IrOp branch) {
    return switch (branch) {
      case EXIT_EQ -> IrOp.CMPEQ;
      case EXIT_NE -> IrOp.CMPNE;
      case EXIT_LT -> IrOp.CMPLT;
      case EXIT_GE -> IrOp.CMPGE;
      case EXIT_LTU -> IrOp.CMPLTU;
      case EXIT_GEU -> IrOp.CMPGEU;
      default -> throw new IllegalArgumentException(branch.toString());
    };
  }
}
