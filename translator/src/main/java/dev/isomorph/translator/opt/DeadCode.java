package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import java.util.Arrays;

/**
 * Removes what nobody can see: writes of guest state that are overwritten before the block may be
 * left, pure operations without a use, and extensions of words of which only the low 32 bits are
 * used.
 */
final class DeadCode {
  private byte[] demand = new byte[0];
  private int[] renamed = new int[0];

  /** The {@link #stretch} in which a slot will be written before anyone can see it. */
  private final long[] overwrittenIn = new long[StateSlot.COUNT];

  /** Numbers the stretches between operations that may leave, so that nothing need be cleared. */
  private long stretch;

  /** Copies the live part of {@code from} to {@code to}. */
  void run(IrBlock from, IrBlock to) {
    int n = from.size();
    if (demand.length < n) {
      demand = new byte[2 * n];
      renamed = new int[2 * n];
    }
    Arrays.fill(demand, 0, n, Demand.NOTHING);
    mark(from, n);
    copy(from, to, n);
  }

  private void mark(IrBlock block, int n) {
    stretch++;
    for (int id = n - 1; id >= 0; id--) {
      IrOp op = block.op(id);
      switch (op.effect()) {
        case STATE -> {
          int slot = (int) block.imm(id);
          demand[id] = overwrittenIn[slot] == stretch ? Demand.NOTHING : Demand.ALL;
          overwrittenIn[slot] = stretch;
        }
        case PURE -> {
          if ((op == IrOp.GET || op == IrOp.GETF) && demand[id] != Demand.NOTHING) {
            overwrittenIn[(int) block.imm(id)] = 0;
          }
        }
        default -> demand[id] = Demand.ALL;
      }
      if (demand[id] != Demand.NOTHING) {
        demandOperands(block, id, op);
        if (block.mayLeave(id)) {
          stretch++;
        }
      }
    }
  }

  private void demandOperands(IrBlock block, int id, IrOp op) {
    int operands = op.operands();
    if (operands > 0) {
      demand(block.a(id), Demand.ofFirst(op, demand[id]));
    }
    if (operands > 1) {
      demand(block.b(id), Demand.ofSecond(op, demand[id]));
    }
    if (operands > 2) {
      demand(block.c(id), Demand.ALL);
    }
  }

  private void demand(int value, byte part) {
    demand[value] = (byte) Math.max(demand[value], part);
  }

  private void copy(IrBlock from, IrBlock to, int n) {
    to.clear();
    to.copyInstructions(from);
    for (int id = 0; id < n; id++) {
      if (demand[id] == Demand.NOTHING) {
        continue;
      }
      IrOp op = from.op(id);
      if (demand[id] == Demand.WORD && Demand.changesNoWord(op)) {
        renamed[id] = renamed[from.a(id)];
        continue;
      }
      int copy = to.emitCopy(from, id, from.instructionOf(id), renamed);
      if (op.type() != ValueType.NONE) {
        renamed[id] = copy;
      }
    }
  }
}
