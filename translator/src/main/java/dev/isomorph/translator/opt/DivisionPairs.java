package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.BitSet;

/**
 * Finds quotients and remainders of the same operands in a node. Side by side, one division gives
 * both.
 */
final class DivisionPairs {
  private final IrBlock code;
  private final BitSet first = new BitSet();
  private final BitSet second = new BitSet();

  DivisionPairs(RegionGraph graph) {
    code = graph.code();
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        if (quotient(code.op(id)) != null && !second.get(id)) {
          find(id, node.end());
        }
      }
    }
  }

  private void find(int id, int end) {
    IrOp quotient = quotient(code.op(id));
    for (int other = id + 1; other < end; other++) {
      IrOp op = meaning(other);
      if (op != code.op(id)
          && quotient(op) == quotient
          && code.a(other) == code.a(id)
          && divisor(other) == code.b(id)) {
        first.set(id);
        second.set(other);
      }
    }
  }

  /** An operation, or the remainder that it is in the form of what a quotient leaves. */
  IrOp meaning(int id) {
    IrOp op = code.op(id);
    if (op != IrOp.SUB && op != IrOp.SUB32) {
      return op;
    }
    int product = code.b(id);
    if (code.op(product) != (op == IrOp.SUB ? IrOp.MUL : IrOp.MUL32)) {
      return op;
    }
    int quotient = code.a(product);
    IrOp divide = code.op(quotient);
    boolean isRest =
        quotient(divide) == divide
            && code.a(quotient) == code.a(id)
            && code.b(quotient) == code.b(product);
    return isRest ? remainder(divide) : op;
  }

  /** The second operand of what an operation means. */
  int divisor(int id) {
    return meaning(id) == code.op(id) ? code.b(id) : code.b(code.b(id));
  }

  /** The division that an operation is or whose remainder it gives; null for other operations. */
  static IrOp quotient(IrOp op) {
    return switch (op) {
      case DIV, REM -> IrOp.DIV;
      case DIVU, REMU -> IrOp.DIVU;
      case DIV32, REM32 -> IrOp.DIV32;
      case DIVU32, REMU32 -> IrOp.DIVU32;
      default -> null;
    };
  }

  /** The remainder that belongs to a division. */
  static IrOp remainder(IrOp quotient) {
    return switch (quotient) {
      case DIV -> IrOp.REM;
      case DIVU -> IrOp.REMU;
      case DIV32 -> IrOp.REM32;
      case DIVU32 -> IrOp.REMU32;
      default -> throw new IllegalArgumentException(quotient.toString());
    };
  }

  /** Whether an operation is the first of a pair. */
  boolean isFirst(int id) {
    return first.get(id);
  }

  /** Whether it is one that follows. */
  boolean isSecond(int id) {
    return second.get(id);
  }
}
