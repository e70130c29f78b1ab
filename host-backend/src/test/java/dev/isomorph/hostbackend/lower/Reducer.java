package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.ValueType;
import java.util.function.Predicate;

/** Makes a block that shows a fault smaller, one operation after the other. */
final class Reducer {
  private Reducer() {}

  /** The smallest block found for which {@code fails} still holds. */
  static IrBlock reduce(IrBlock block, Predicate<IrBlock> fails) {
    IrBlock best = block;
    for (int id = best.size() - 2; id >= 0; id--) {
      if (id < best.size() - 1 && isRemovable(best, id)) {
        IrBlock candidate = without(best, id);
        if (fails.test(candidate)) {
          best = candidate;
        }
      }
    }
    return best.size() == block.size() ? best : reduce(best, fails);
  }

  private static boolean isRemovable(IrBlock block, int removed) {
    if (block.op(removed).type() == ValueType.NONE) {
      return true;
    }
    for (int id = removed + 1; id < block.size(); id++) {
      if (block.a(id) == removed || block.b(id) == removed || block.c(id) == removed) {
        return false;
      }
    }
    return true;
  }

  private static IrBlock without(IrBlock block, int removed) {
    IrBlock rest = new IrBlock();
    rest.copyInstructions(block);
    for (int id = 0; id < block.size(); id++) {
      if (id != removed) {
        IrOp op = block.op(id);
        int a = renumbered(block.a(id), removed);
        int b = renumbered(block.b(id), removed);
        int c = renumbered(block.c(id), removed);
        rest.emitFor(block.instructionOf(id), op, a, b, c, block.imm(id));
      }
    }
    return rest;
  }

  private static int renumbered(int value, int removed) {
    return value > removed ? value - 1 : value;
  }
}
