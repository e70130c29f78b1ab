package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import java.util.Arrays;

/**
 * Removes what nobody can see: writes of guest state that are overwritten before the block may be
 * left, and pure operations without a use.
 */
final class DeadCode {
  private boolean[] live = new boolean[0];
  private int[] renamed = new int[0];
  private final boolean[] overwritten = new boolean[StateSlot.COUNT];

  /** Copies the live part of {@code from} to {@code to}. */
  void run(IrBlock from, IrBlock to) {
    int n = from.size();
    if (live.length < n) {
      live = new boolean[2 * n];
      renamed = new int[2 * n];
    }
    Arrays.fill(live, 0, n, false);
    mark(from, n);
    copy(from, to, n);
  }

  private void mark(IrBlock block, int n) {
    Arrays.fill(overwritten, false);
    for (int id = n - 1; id >= 0; id--) {
      IrOp op = block.op(id);
      switch (op.effect()) {
        case STATE -> {
          int slot = (int) block.imm(id);
          live[id] = !overwritten[slot];
          overwritten[slot] = true;
        }
        case PURE -> {
          if (op == IrOp.GET || op == IrOp.GETF) {
            if (live[id]) {
              overwritten[(int) block.imm(id)] = false;
            }
          }
        }
        default -> live[id] = true;
      }
      if (live[id]) {
        markOperands(block, id, op);
        if (op.mayLeave()) {
          Arrays.fill(overwritten, false);
        }
      }
    }
  }

  private void markOperands(IrBlock block, int id, IrOp op) {
    int operands = op.operands();
    if (operands > 0) {
      live[block.a(id)] = true;
    }
    if (operands > 1) {
      live[block.b(id)] = true;
    }
    if (operands > 2) {
      live[block.c(id)] = true;
    }
  }

  private void copy(IrBlock from, IrBlock to, int n) {
    to.clear();
    to.copyInstructions(from);
    for (int id = 0; id < n; id++) {
      if (live[id]) {
        IrOp op = from.op(id);
        int copy =
            to.emitFor(
                from.instructionOf(id),
                op,
                rename(from.a(id)),
                rename(from.b(id)),
                rename(from.c(id)),
                from.imm(id));
        if (op.type() != ValueType.NONE) {
          renamed[id] = copy;
        }
      }
    }
  }

  private int rename(int value) {
    return value == IrBlock.NONE ? IrBlock.NONE : renamed[value];
  }
}
