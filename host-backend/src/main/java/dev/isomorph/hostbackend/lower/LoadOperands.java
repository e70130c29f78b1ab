package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterAllocator.NO_MEMORY;

import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.LoadedOperand;
import dev.isomorph.translator.ir.ValueType;

/**
 * Loads that are left to the operation which alone uses their value, so that one host instruction
 * does both. That operation stands right behind the load, whose value is its second operand, and
 * belongs to the load's instruction (the optimiser's {@code FusedLoads} sees to that), so a fault
 * there is the load's. Whether it is better is known when registers are: if the other operand would
 * have to be moved first, the load is done by itself after all.
 */
final class LoadOperands {
  private static final int NONE = IrBlock.NONE;

  private final Emission out;
  private final RegisterAllocator regs;
  private final GuestOperands operands;

  /** The load that waits for its user, and that one. */
  private int load;

  private int user;

  /** Whether that one's result is to be in a certain register. */
  private boolean isTargeted;

  LoadOperands(Emission out, GuestOperands operands) {
    this.out = out;
    regs = out.regs;
    this.operands = operands;
  }

  /** A block starts, or a stretch of a region. */
  void begin() {
    load = NONE;
    user = NONE;
  }

  /** Whether a load is left to what comes next. */
  boolean leave(int id, BlockAnalysis analysis) {
    IrBlock block = out.block;
    int next = id + 1;
    while (isFree(block.op(next))) {
      next++;
    }
    boolean isLeft =
        analysis.isOnlyFor(id, next)
            && block.instructionOf(next) == block.instructionOf(id)
            && block.b(next) == id
            && LoadedOperand.isTakenBy(block.op(next));
    if (isLeft) {
      load = id;
      user = next;
      isTargeted = analysis.target(next) >= 0;
      analysis.extend(regs.resolve(block.a(id)), next);
    }
    return isLeft;
  }

  /** What takes neither code nor a register. */
  private static boolean isFree(IrOp op) {
    return op == IrOp.CONST || op == IrOp.GET || op == IrOp.GETF;
  }

  /**
   * The load that has to be done before operation {@code id}, which waits for it in vain; or -1.
   */
  int missedBy(int id) {
    if (id != user || isWorthwhile()) {
      return NONE;
    }
    int missed = load;
    begin();
    return missed;
  }

  /**
   * Whether nothing has to be moved to where the result will be. It must not be, either: that may
   * be where the address is.
   */
  private boolean isWorthwhile() {
    int other = out.block.a(user);
    if (out.block.op(user).type() == ValueType.FLOAT) {
      return true;
    }
    int register = regs.registerOf(other);
    boolean dies = register != RegisterMap.NO_REGISTER && !regs.isLiveAfter(other);
    return dies && (isTargeted ? regs.targets(user, other) : !regs.isHome(register));
  }

  /** Whether a value is a load that the current operation does. */
  boolean isLeft(int value) {
    return value == load;
  }

  /**
   * Where the current operation best reads a value in memory: that of a load, or where a value is
   * that is in no register; null if it is to be in a register. Its registers are locked.
   */
  Mem find(int value) {
    if (isLeft(value)) {
      begin();
      return operands.at(value, out.block.op(value).accessedBytes(), false);
    }
    int memory = regs.memoryOperand(value);
    return memory == NO_MEMORY ? null : state(memory);
  }
}
