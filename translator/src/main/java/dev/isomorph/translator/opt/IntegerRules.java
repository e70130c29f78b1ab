package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Set;

/** Algebraic identities and idioms of integer operations with at least one variable operand. */
final class IntegerRules {
  /** How far back a division is looked for that a remainder can use. */
  private static final int DIVISION_DISTANCE = 24;

  private final boolean simplifies;
  private final boolean knowsBits;
  private IrBlock out;
  private int instruction;
  private int floor;

  IntegerRules(Set<Pass> passes) {
    simplifies = passes.contains(Pass.RULES);
    knowsBits = passes.contains(Pass.KNOWN_BITS);
  }

  /**
   * Tells from which operation on all that has been emitted is sure to run before what comes next.
   */
  void floor(int first) {
    floor = first;
  }

  /** Emits {@code op} in its simplest form; returns the value that is its result. */
  int apply(IrBlock block, int instruction, IrOp op, int a, int b, int c) {
    out = block;
    this.instruction = instruction;
    if (!simplifies) {
      return out.emitFor(instruction, op, a, b, c, 0);
    }
    return switch (op) {
      case ADD -> add(a, b);
      case SUB -> subtract(a, b);
      case AND -> and(a, b);
      case OR -> or(a, b);
      case XOR -> xor(a, b);
      case SHL -> isZero(b) ? a : emit(op, a, b);
      case SHR -> shiftRight(a, b);
      case SAR -> shiftRightSigned(a, b);
      case ROL, ROR -> isZero(b) ? a : emit(op, a, b);
      case MUL -> multiply(a, b);
      case ADD32 -> addWord(a, b);
      case REM -> remainder(op, IrOp.DIV, IrOp.MUL, IrOp.SUB, a, b);
      case REMU -> remainder(op, IrOp.DIVU, IrOp.MUL, IrOp.SUB, a, b);
      case REM32 -> remainder(op, IrOp.DIV32, IrOp.MUL32, IrOp.SUB32, a, b);
      case REMU32 -> remainder(op, IrOp.DIVU32, IrOp.MUL32, IrOp.SUB32, a, b);
      case SEXT8, SEXT16, SEXT32, ZEXT8, ZEXT16, ZEXT32 -> extend(op, a);
      case CMPEQ, CMPGE, CMPGEU -> a == b ? constant(1) : emit(op, a, b);
      case CMPNE, CMPLT, CMPLTU -> a == b ? constant(0) : emit(op, a, b);
      case SELECT -> select(a, b, c);
      default -> out.emitFor(instruction, op, a, b, c, 0);
    };
  }

  private int emit(IrOp op, int a, int b) {
    return out.emitFor(instruction, op, a, b, NONE, 0);
  }

  private int constant(long value) {
    return out.emitFor(instruction, IrOp.CONST, NONE, NONE, NONE, value);
  }

  private boolean isZero(int value) {
    return out.isConstant(value, 0);
  }

  /** A commutative operation, its constant operand second; {@code identity} changes nothing. */
  private int commutative(IrOp op, int a, int b, long identity) {
    if (out.isConstant(a)) {
      return commutative(op, b, a, identity);
    }
    return out.isConstant(b, identity) ? a : emit(op, a, b);
  }

  private int addWord(int a, int b) {
    if (out.isConstant(a)) {
      return addWord(b, a);
    }
    return isZero(b) ? extend(IrOp.ZEXT32, a) : emit(IrOp.ADD32, a, b);
  }

  private int add(int a, int b) {
    return commutative(IrOp.ADD, a, b, 0);
  }

  private int subtract(int a, int b) {
    if (a == b) {
      return constant(0);
    }
    return out.isConstant(b) ? add(a, constant(-out.imm(b))) : emit(IrOp.SUB, a, b);
  }

  private int and(int a, int b) {
    if (out.isConstant(a)) {
      return and(b, a);
    }
    if (a == b) {
      return a;
    }
    if (out.isConstant(b)) {
      long mask = out.imm(b);
      if (mask == 0) {
        return b;
      }
      if (mask == 0xff) {
        return extend(IrOp.ZEXT8, a);
      }
      if (mask == 0xffff) {
        return extend(IrOp.ZEXT16, a);
      }
      if (mask == 0xffff_ffffL) {
        return extend(IrOp.ZEXT32, a);
      }
    }
    return commutative(IrOp.AND, a, b, -1);
  }

  private int or(int a, int b) {
    if (a == b) {
      return a;
    }
    int rotated = rotation(a, b);
    return rotated != NONE ? rotated : commutative(IrOp.OR, a, b, 0);
  }

  /** Two opposite shifts of one value, or-ed, are a rotation if they add up to the width. */
  private int rotation(int a, int b) {
    int byVariable = rotationByVariable(a, b);
    return byVariable != NONE ? byVariable : rotationByConstant(a, b);
  }

  /** The same if one counts what the other one leaves of the width, which may be nothing. */
  private int rotationByVariable(int a, int b) {
    boolean areWords = out.op(a) == IrOp.SEXT32 && out.op(b) == IrOp.SEXT32;
    int one = areWords ? out.a(a) : a;
    int other = areWords ? out.a(b) : b;
    IrOp left = areWords ? IrOp.SHL32 : IrOp.SHL;
    IrOp right = areWords ? IrOp.SHR32 : IrOp.SHR;
    boolean isFirst = out.op(one) == left && out.op(other) == right;
    if (!isFirst && (out.op(one) != right || out.op(other) != left) || out.a(one) != out.a(other)) {
      return NONE;
    }
    int leftCount = out.b(isFirst ? one : other);
    int rightCount = out.b(isFirst ? other : one);
    int value = out.a(one);
    int rotated;
    if (isNegative(rightCount, leftCount, areWords ? 32 : 64)) {
      rotated = emit(areWords ? IrOp.ROL32 : IrOp.ROL, value, leftCount);
    } else if (isNegative(leftCount, rightCount, areWords ? 32 : 64)) {
      rotated = emit(areWords ? IrOp.ROR32 : IrOp.ROR, value, rightCount);
    } else {
      return NONE;
    }
    return areWords ? emit(IrOp.SEXT32, rotated, NONE) : rotated;
  }

  /** Whether a number of bits to shift by is some widths less another one. */
  private boolean isNegative(int count, int of, int width) {
    int word = counted(count);
    boolean isDifference = out.op(word) == IrOp.SUB || out.op(word) == IrOp.SUB32;
    return isDifference
        && out.isConstant(out.a(word))
        && out.imm(out.a(word)) % width == 0
        && counted(out.b(word)) == counted(of);
  }

  /** What has the low bits that a shift looks at. */
  private int counted(int count) {
    int value = count;
    while (out.op(value) == IrOp.SEXT32 || out.op(value) == IrOp.ZEXT32) {
      value = out.a(value);
    }
    return value;
  }

  private int rotationByConstant(int a, int b) {
    boolean isLeft = out.op(a) == IrOp.SHL || out.op(a) == IrOp.SHL32 || out.op(a) == IrOp.SEXT32;
    int left = isLeft ? a : b;
    int right = left == a ? b : a;
    if (out.op(left) == IrOp.SHL && out.op(right) == IrOp.SHR) {
      return isRotation(left, right, 64) ? emit(IrOp.ROR, out.a(left), out.b(right)) : NONE;
    }
    if (out.op(left) == IrOp.SHL32 && out.op(right) == IrOp.SHR32) {
      return isRotation(left, right, 32) ? emit(IrOp.ROR32, out.a(left), out.b(right)) : NONE;
    }
    // A word shifted right is positive, so its sign extension has been dropped already.
    if (out.op(left) == IrOp.SEXT32 && out.op(right) == IrOp.SHR32) {
      int word = out.a(left);
      return out.op(word) == IrOp.SHL32 && isRotation(word, right, 32)
          ? emit(IrOp.SEXT32, emit(IrOp.ROR32, out.a(word), out.b(right)), NONE)
          : NONE;
    }
    return NONE;
  }

  private boolean isRotation(int left, int right, int width) {
    return out.a(left) == out.a(right)
        && out.isConstant(out.b(left))
        && out.isConstant(out.b(right))
        && out.imm(out.b(right)) > 0
        && out.imm(out.b(left)) > 0
        && out.imm(out.b(left)) + out.imm(out.b(right)) == width;
  }

  private int xor(int a, int b) {
    return a == b ? constant(0) : commutative(IrOp.XOR, a, b, 0);
  }

  private int multiply(int a, int b) {
    if (out.isConstant(a)) {
      return multiply(b, a);
    }
    if (out.isConstant(b)) {
      long factor = out.imm(b);
      if (factor == 0) {
        return b;
      }
      if (Long.bitCount(factor) == 1) {
        int shift = Long.numberOfTrailingZeros(factor);
        return shift == 0 ? a : emit(IrOp.SHL, a, constant(shift));
      }
    }
    return emit(IrOp.MUL, a, b);
  }

  /** A pair of shifts that clears the upper bits is a zero extension. */
  private int shiftRight(int a, int b) {
    if (isZero(b)) {
      return a;
    }
    return switch (extensionWidth(a, b)) {
      case 8 -> extend(IrOp.ZEXT8, out.a(a));
      case 16 -> extend(IrOp.ZEXT16, out.a(a));
      case 32 -> extend(IrOp.ZEXT32, out.a(a));
      default -> isScaledWord(a, b) ? scaledWord(IrOp.ZEXT32, a, b) : emit(IrOp.SHR, a, b);
    };
  }

  private int shiftRightSigned(int a, int b) {
    if (isZero(b)) {
      return a;
    }
    return switch (extensionWidth(a, b)) {
      case 8 -> extend(IrOp.SEXT8, out.a(a));
      case 16 -> extend(IrOp.SEXT16, out.a(a));
      case 32 -> extend(IrOp.SEXT32, out.a(a));
      default -> isScaledWord(a, b) ? scaledWord(IrOp.SEXT32, a, b) : emit(IrOp.SAR, a, b);
    };
  }

  /** Whether shifts there and back make a word an index of elements of 2, 4 or 8 bytes. */
  private boolean isScaledWord(int a, int b) {
    return out.op(a) == IrOp.SHL
        && out.isConstant(out.b(a), 32)
        && out.isConstant(b)
        && out.imm(b) >= 29
        && out.imm(b) <= 31;
  }

  /** The scale can be part of an address then. */
  private int scaledWord(IrOp extension, int a, int b) {
    return emit(IrOp.SHL, extend(extension, out.a(a)), constant(32 - out.imm(b)));
  }

  /** How many low bits survive if {@code a} is a left shift by the same constant {@code b}. */
  private int extensionWidth(int a, int b) {
    boolean pair =
        out.op(a) == IrOp.SHL
            && out.isConstant(b)
            && out.isConstant(out.b(a))
            && (out.imm(out.b(a)) & 63) == (out.imm(b) & 63);
    return pair ? 64 - (int) (out.imm(b) & 63) : 0;
  }

  private int extend(IrOp op, int a) {
    // A word operation that came to nothing leaves its own extension behind (sext.w).
    boolean overwritten =
        op == IrOp.SEXT32 && out.op(a) == IrOp.ZEXT32 && out.instructionOf(a) == instruction;
    int operand = overwritten ? out.a(a) : a;
    return knowsBits && KnownBits.isExtended(out, operand, op) ? operand : emit(op, operand, NONE);
  }

  private int select(int condition, int ifTrue, int ifFalse) {
    if (out.isConstant(condition)) {
      return isZero(condition) ? ifFalse : ifTrue;
    }
    if (ifTrue == ifFalse) {
      return ifTrue;
    }
    return out.emitFor(instruction, IrOp.SELECT, condition, ifTrue, ifFalse, 0);
  }

  /**
   * a rem b is a - (a div b) × b where the quotient is at hand; that holds for RISC-V's results of
   * division by zero and of overflow too.
   */
  private int remainder(IrOp op, IrOp divide, IrOp multiply, IrOp subtract, int a, int b) {
    int first = Math.max(floor, out.size() - DIVISION_DISTANCE);
    for (int id = out.size() - 1; id >= first; id--) {
      if (out.op(id) == divide && out.a(id) == a && out.b(id) == b) {
        return emit(subtract, a, emit(multiply, id, b));
      }
    }
    return emit(op, a, b);
  }
}
