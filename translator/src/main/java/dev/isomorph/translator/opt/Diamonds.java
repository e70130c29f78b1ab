package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.BitSet;

/**
 * Makes selections of a branch whose two sides are short and meet again: both are done, and each
 * guest register that one of them writes is chosen.
 *
 * <p>For blocks as they come from the lifter, or from {@link IfConversion}.
 */
final class Diamonds {
  /** Operations of both sides that compute something, at most. */
  private static final int MOST_OPERATIONS = 4;

  /** Guest registers that may be written, at most. */
  private static final int MOST_WRITTEN = 3;

  private final Selections selections;
  private final ShortArm near = new ShortArm();
  private final ShortArm far = new ShortArm();

  Diamonds(Selections selections) {
    this.selections = selections;
  }

  /**
   * Joins two blocks, if that pays.
   *
   * @param fork a block; its last branch leads to {@code arm}
   * @param arm the block there
   * @param to what both become
   * @return whether they have been joined
   */
  boolean join(IrBlock fork, IrBlock arm, IrBlock to) {
    int branch = fork.lastSideExit();
    if (branch == NONE
        || fork.imm(branch) != arm.startPc()
        || !selections.mayBe(fork, branch)
        || !isJump(fork)
        || !isJump(arm)
        || fork.imm(fork.size() - 1) != arm.imm(arm.size() - 1)
        || !isShort(fork, branch, arm)) {
      return false;
    }
    selections.note(fork, branch);
    to.clear();
    to.copyInstructions(fork);
    to.addInstructions(arm);
    new Join(fork, arm, to).run(branch);
    return true;
  }

  private static boolean isJump(IrBlock block) {
    return block.op(block.size() - 1) == IrOp.JUMP;
  }

  private boolean isShort(IrBlock fork, int branch, IrBlock arm) {
    if (!near.look(fork, branch + 1, fork.size() - 1) || !far.look(arm, 0, arm.size() - 1)) {
      return false;
    }
    return near.operations() + far.operations() <= MOST_OPERATIONS
        && written().cardinality() <= MOST_WRITTEN;
  }

  private BitSet written() {
    BitSet written = (BitSet) near.written().clone();
    written.or(far.written());
    return written;
  }

  private final class Join {
    private final IrBlock fork;
    private final IrBlock arm;
    private final IrBlock to;
    private final int[] renamed;
    private int owner;

    Join(IrBlock fork, IrBlock arm, IrBlock to) {
      this.fork = fork;
      this.arm = arm;
      this.to = to;
      renamed = new int[Math.max(fork.size(), arm.size())];
    }

    void run(int branch) {
      copy(fork, 0, branch, 0);
      owner = fork.instructionOf(branch);
      int a = renamed[fork.a(branch)];
      int b = renamed[fork.b(branch)];
      int leads = to.emitFor(owner, IfConversion.comparison(fork.op(branch)), a, b, NONE, 0);
      BitSet written = written();
      int[] before = registers(written);
      copy(fork, branch + 1, fork.size() - 1, 0);
      owner = fork.instructionCount() - 1;
      int[] nearly = registers(written);
      put(written, before);
      copy(arm, 0, arm.size() - 1, fork.instructionCount());
      owner = to.instructionCount() - 1;
      int[] farther = registers(written);
      for (int i = 0; i < farther.length; i++) {
        farther[i] = to.emitFor(owner, IrOp.SELECT, leads, farther[i], nearly[i], 0);
      }
      put(written, farther);
      to.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, arm.imm(arm.size() - 1));
    }

    private void copy(IrBlock from, int start, int end, int firstOwner) {
      for (int id = start; id < end; id++) {
        renamed[id] = to.emitCopy(from, id, firstOwner + from.instructionOf(id), renamed);
      }
    }

    private int[] registers(BitSet slots) {
      return slots.stream()
          .map(slot -> to.emitFor(owner, IrOp.GET, NONE, NONE, NONE, slot))
          .toArray();
    }

    private void put(BitSet slots, int[] values) {
      int i = 0;
      for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
        to.emitFor(owner, IrOp.PUT, values[i++], NONE, NONE, slot);
      }
    }
  }
}
