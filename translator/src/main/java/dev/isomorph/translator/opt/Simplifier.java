package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;
import java.util.Set;

/**
 * Rebuilds a block operation by operation, emitting each in its simplest form: constants are
 * folded, state reads become the value last read or written, copies disappear, algebraic identities
 * and idioms are recognised by {@link IntegerRules} and {@link FloatRules}.
 */
final class Simplifier {
  private final boolean foldsConstants;
  private final boolean simplifies;
  private final IntegerRules integerRules;
  private final int[] slotValue = new int[StateSlot.COUNT];
  private int[] renamed = new int[0];
  private IrBlock out;
  private int instruction;
  private boolean ended;

  Simplifier(Set<Pass> passes) {
    foldsConstants = passes.contains(Pass.CONSTANTS);
    simplifies = passes.contains(Pass.RULES);
    integerRules = new IntegerRules(passes);
  }

  /** Writes the simplified form of {@code from} to {@code to}. */
  void run(IrBlock from, IrBlock to) {
    out = to;
    ended = false;
    to.clear();
    to.copyInstructions(from);
    if (renamed.length < from.size()) {
      renamed = new int[2 * from.size()];
    }
    Arrays.fill(slotValue, NONE);
    for (int id = 0; id < from.size() && !ended; id++) {
      instruction = from.instructionOf(id);
      IrOp op = from.op(id);
      int a = rename(from.a(id));
      int b = rename(from.b(id));
      int c = rename(from.c(id));
      renamed[id] = simplify(op, a, b, c, from.imm(id));
    }
  }

  private int rename(int value) {
    return value == NONE ? NONE : renamed[value];
  }

  /** Emits the operation, or what does the same; returns the value that stands for its result. */
  private int simplify(IrOp op, int a, int b, int c, long imm) {
    return switch (op.effect()) {
      case PURE -> pure(op, a, b, c, imm);
      case STATE -> {
        write(op, a, (int) imm);
        yield NONE;
      }
      case EXIT -> {
        exit(op, a, b, imm);
        yield NONE;
      }
      case MEMORY_READ, MEMORY_WRITE, FLAGS -> emit(op, a, b, c, imm);
    };
  }

  private int emit(IrOp op, int a, int b, int c, long imm) {
    return out.emitFor(instruction, op, a, b, c, imm);
  }

  private int constant(long value) {
    return emit(IrOp.CONST, NONE, NONE, NONE, value);
  }

  private int pure(IrOp op, int a, int b, int c, long imm) {
    if (op == IrOp.GET || op == IrOp.GETF) {
      return read(op, (int) imm);
    }
    if (op == IrOp.CONST) {
      return constant(imm);
    }
    if (IntegerSemantics.defines(op)) {
      if (areConstant(op, a, b, c)) {
        return foldsConstants
            ? constant(IntegerSemantics.apply(op, imm(a), imm(b), imm(c)))
            : emit(op, a, b, c, imm);
      }
      return integerRules.apply(out, instruction, op, a, b, c);
    }
    int same = simplifies ? FloatRules.sameAs(out, op, a, b) : NONE;
    return same != NONE ? same : emit(op, a, b, c, imm);
  }

  private boolean areConstant(IrOp op, int a, int b, int c) {
    int operands = op.operands();
    return out.isConstant(a)
        && (operands < 2 || out.isConstant(b))
        && (operands < 3 || out.isConstant(c));
  }

  private long imm(int value) {
    return value == NONE ? 0 : out.imm(value);
  }

  private int read(IrOp op, int slot) {
    if (slotValue[slot] == NONE) {
      slotValue[slot] = emit(op, NONE, NONE, NONE, slot);
    }
    return slotValue[slot];
  }

  private void write(IrOp op, int value, int slot) {
    if (slotValue[slot] != value) {
      slotValue[slot] = value;
      emit(op, value, NONE, NONE, slot);
    }
  }

  private void exit(IrOp op, int a, int b, long imm) {
    if (op.isSideExit() && out.isConstant(a) && out.isConstant(b)) {
      if (IntegerSemantics.leaves(op, out.imm(a), out.imm(b))) {
        ended = true;
        emit(IrOp.JUMP, NONE, NONE, NONE, imm);
      }
    } else if (op == IrOp.JUMP_INDIRECT && out.isConstant(a)) {
      emit(IrOp.JUMP, NONE, NONE, NONE, out.imm(a) & -2);
    } else if (op == IrOp.CALL_INDIRECT && out.isConstant(a)) {
      emit(IrOp.CALL, b, NONE, NONE, out.imm(a) & -2);
    } else {
      emit(op, a, b, NONE, imm);
    }
  }
}
