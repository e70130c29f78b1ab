package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.ValueType;
import java.util.Arrays;

/**
 * What the block tier needs to know of a block before it emits code: last uses, operations that
 * melt into their user, and which values may be computed straight into the home of the guest
 * register they are written to.
 */
final class BlockAnalysis {
  private static final int NEVER = Integer.MAX_VALUE;

  private RegisterMap map;

  private int[] lastUse = new int[0];
  private int[] uses = new int[0];

  /** How often a value is what a selection depends on. */
  private int[] decides = new int[0];

  private int[] target = new int[0];
  private int[] putAt = new int[0];
  private boolean[] fused = new boolean[0];

  /** By division, the remainder that its instruction gives, too. */
  private int[] remainder = new int[0];

  private boolean[] joined = new boolean[0];

  /** The next read or write of a slot; what is not in the block keeps an old entry, unread. */
  private final int[] touchedAt = new int[RegionSlots.COUNT];

  void analyse(IrBlock block, RegisterMap map) {
    this.map = map;
    reset(block.size());
    int nextLeave = NEVER;
    for (int id = block.size() - 1; id >= 0; id--) {
      IrOp op = block.op(id);
      switch (op) {
        case PUT, PUTF -> {
          int slot = (int) block.imm(id);
          target[block.a(id)] = slot;
          putAt[block.a(id)] = id;
          touchedAt[slot] = id;
        }
        case GET, GETF -> touchedAt[(int) block.imm(id)] = id;
        default -> {}
      }
      if (op.type() != ValueType.NONE) {
        settleTarget(block, id, op, nextLeave);
      }
      if (block.mayLeave(id)) {
        nextLeave = id;
      }
      countUses(block, id, op);
    }
    fuse(block);
  }

  private void reset(int size) {
    if (lastUse.length < size) {
      int n = Math.max(256, 2 * size);
      lastUse = new int[n];
      uses = new int[n];
      decides = new int[n];
      target = new int[n];
      putAt = new int[n];
      fused = new boolean[n];
      remainder = new int[n];
      joined = new boolean[n];
    }
    Arrays.fill(lastUse, 0, size, -1);
    Arrays.fill(uses, 0, size, 0);
    Arrays.fill(decides, 0, size, 0);
    Arrays.fill(target, 0, size, -1);
    Arrays.fill(fused, 0, size, false);
    Arrays.fill(remainder, 0, size, -1);
    Arrays.fill(joined, 0, size, false);
  }

  /**
   * A value may be computed into the home of the slot it is put to if nothing between its operation
   * and the put reads or writes the slot, and nothing there leaves the block: an exit must find the
   * slot's old content.
   */
  private void settleTarget(IrBlock block, int id, IrOp op, int nextLeave) {
    int slot = target[id];
    if (slot < 0) {
      return;
    }
    if (map.homeOf(slot) < 0 || nextLeave < putAt[id] || touchedAt[slot] != putAt[id]) {
      target[id] = -1;
      return;
    }
    int first = firstOperand(block, id, slot);
    if (first >= 0 && lastUse[first] < 0 && target[first] < 0) {
      target[first] = slot;
      putAt[first] = putAt[id];
    }
  }

  /** The operand whose register becomes that of the result, the home of {@code slot}, or -1. */
  private static int firstOperand(IrBlock block, int id, int slot) {
    IrOp op = block.op(id);
    if (isInPlace(op)) {
      return block.a(id);
    }
    if (isTwoOperand(block, id)) {
      return block.a(id) != block.b(id) && !reads(block, block.b(id), slot) ? block.a(id) : -1;
    }
    return op == IrOp.SELECT ? selected(block, id, slot) : -1;
  }

  /** What a selection of two values that are computed for it takes by itself. */
  private static int selected(IrBlock block, int id, int slot) {
    int condition = block.a(id);
    boolean isDecidedBySlot =
        block.op(condition).operands() == 2
            && (reads(block, block.a(condition), slot) || reads(block, block.b(condition), slot));
    if (isDecidedBySlot || reads(block, block.b(id), slot) || reads(block, block.c(id), slot)) {
      return -1;
    }
    return block.isConstant(block.c(id)) ? block.b(id) : block.c(id);
  }

  /** Operations that x86 does in their first operand's register. */
  private static boolean isTwoOperand(IrBlock block, int id) {
    return switch (block.op(id)) {
      case ADD, ADD32, SUB, SUB32, AND, OR, XOR, MUL, MUL32 -> true;
      case SHL, SHR, SAR, SHL32, SHR32, SAR32 -> block.isConstant(block.b(id));
      default -> false;
    };
  }

  /** Whether a value is a slot's content, which would have to move. */
  private static boolean reads(IrBlock block, int value, int slot) {
    IrOp op = block.op(value);
    return (op == IrOp.GET || op == IrOp.GETF) && block.imm(value) == slot;
  }

  private void countUses(IrBlock block, int id, IrOp op) {
    int operands = op.operands();
    if (operands > 0) {
      use(block.a(id), id);
      decides[block.a(id)] += op == IrOp.SELECT ? 1 : 0;
    }
    if (operands > 1) {
      use(block.b(id), id);
    }
    if (operands > 2) {
      use(block.c(id), id);
    }
  }

  private void use(int value, int at) {
    uses[value]++;
    lastUse[value] = Math.max(lastUse[value], at);
  }

  private void fuse(IrBlock block) {
    for (int id = 0; id < block.size(); id++) {
      switch (block.op(id)) {
        case EXIT_EQ, EXIT_NE -> {
          if (map == RegisterMap.REGION && decides(block, block.a(id), id)) {
            fuse(block, block.a(id), id);
          } else {
            bareWords(block, id);
          }
        }
        case EXIT_LT, EXIT_GE, EXIT_LTU, EXIT_GEU -> bareWords(block, id);
        case CMPEQ, CMPNE, CMPLT, CMPGE, CMPLTU, CMPGEU -> bareWords(block, id);
        case SELECT -> {
          int condition = block.a(id);
          // Comparing again is cheaper than to keep what has come out.
          if (uses[condition] == decides[condition]
              && IntegerLowering.condition(block.op(condition)) != null) {
            fuse(block, condition, id);
          }
        }
        case ADD -> {
          if (isScaling(block, block.a(id))) {
            fuse(block, block.a(id), id);
          } else if (isScaling(block, block.b(id))) {
            fuse(block, block.b(id), id);
          }
        }
        case DIV -> pair(block, id, IrOp.REM);
        case DIVU -> pair(block, id, IrOp.REMU);
        case DIV32 -> pair(block, id, IrOp.REM32);
        case DIVU32 -> pair(block, id, IrOp.REMU32);
        default -> {}
      }
    }
  }

  /** Whether a comparison of floats is for a branch alone, and nothing leaves in between. */
  private boolean decides(IrBlock block, int value, int branch) {
    boolean decides =
        block.op(value).comparesFloats()
            && uses[value] == 1
            && block.isConstant(block.b(branch), 0);
    for (int id = value + 1; decides && id < branch; id++) {
      decides = !block.mayLeave(id);
    }
    return decides;
  }

  /** Joins a division with the remainder of the same operands behind it. */
  private void pair(IrBlock block, int id, IrOp op) {
    int other = id + 1;
    if (other < block.size() && block.op(other).effect() == IrOp.Effect.STATE) {
      other++;
    }
    if (uses[id] > 0
        && other < block.size()
        && block.op(other) == op
        && block.a(other) == block.a(id)
        && block.b(other) == block.b(id)
        && uses[other] > 0) {
      remainder[id] = other;
      joined[other] = true;
    }
  }

  /** Leaves {@code value} to be computed by its user; several ones each do. */
  private void fuse(IrBlock block, int value, int user) {
    fused[value] = true;
    keep(block, block.a(value), user);
    keep(block, block.b(value), user);
  }

  private void keep(IrBlock block, int value, int user) {
    extend(value, user);
    if (fused[value]) {
      extend(block.a(value), user);
    }
  }

  /**
   * Words are compared as they are where only their extensions are compared, and by nobody else.
   */
  private void bareWords(IrBlock block, int id) {
    int a = block.a(id);
    int b = block.b(id);
    if (isBareable(block, a) && isBareable(block, b)) {
      bareWord(block, a, id);
      bareWord(block, b, id);
    }
  }

  private boolean isBareable(IrBlock block, int value) {
    return block.op(value) == IrOp.SEXT32
        ? uses[value] == 1
        : block.isConstant(value) && block.imm(value) == (int) block.imm(value);
  }

  private void bareWord(IrBlock block, int value, int user) {
    if (block.op(value) == IrOp.SEXT32) {
      fused[value] = true;
      extend(block.a(value), user);
    }
  }

  /** Whether a value is a left shift that fits an addressing mode. */
  private boolean isScaling(IrBlock block, int value) {
    return block.op(value) == IrOp.SHL
        && uses[value] == 1
        && block.isConstant(block.b(value))
        && !block.isConstant(block.a(value))
        && block.imm(block.b(value)) >= 1
        && block.imm(block.b(value)) <= 3;
  }

  private static boolean isInPlace(IrOp op) {
    return op == IrOp.CANON_D || op == IrOp.CANON_S || op == IrOp.BOX_S;
  }

  /** Index of the last operation that uses a value, -1 if none does. */
  int lastUse(int value) {
    return lastUse[value];
  }

  /** Whether an operation is the only one that uses a value. */
  boolean isOnlyFor(int value, int user) {
    return uses[value] == 1 && lastUse[value] == user && !fused[user];
  }

  /** Notes a further use of a value. */
  void extend(int value, int at) {
    lastUse[value] = Math.max(lastUse[value], at);
  }

  /** The slot into whose home the value may be computed, or -1. */
  int target(int value) {
    return target[value];
  }

  /** The remainder that a division gives, too, or -1. */
  int remainder(int division) {
    return remainder[division];
  }

  /**
   * The slot whose content an operation changes, if that is all it is for: {@code operand} is what
   * the slot had, and the result is put there at once. Else -1.
   */
  int updated(IrBlock block, int id, int operand) {
    int next = id + 1;
    if (uses[id] != 1
        || next == block.size()
        || block.op(next) != IrOp.PUT
        || block.a(next) != id
        || RegionSlots.isStart((int) block.imm(next))) {
      return -1;
    }
    int slot = (int) block.imm(next);
    return map.homeOf(slot) < 0 && reads(block, operand, slot) ? slot : -1;
  }

  /** Whether an operation is a remainder that a division before it gives. */
  boolean isJoined(int value) {
    return joined[value];
  }

  /** Whether an operation is emitted by its user. */
  boolean isFused(int value) {
    return fused[value];
  }
}
