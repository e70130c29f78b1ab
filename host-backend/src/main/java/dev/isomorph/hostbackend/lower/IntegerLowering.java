package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterAllocator.NO_MEMORY;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.asm.AluOp;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/** Lowers integer operations other than products and divisions. */
final class IntegerLowering {
  private static final int NEVER = Integer.MIN_VALUE;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final LoadOperands loads;

  /** The selection that the flags were set for last, and the condition as they have it. */
  private int comparedFor;

  private Cond comparedCond;

  /** The operation whose result's flags are set, as a comparison with 0 would set the equal one. */
  private int flagsOf;

  /** How many bytes of it. */
  private int flagsSize;

  IntegerLowering(Emission out, LoadOperands loads) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.loads = loads;
  }

  /** Whatever set the flags last, they are not what it set them to. */
  void forgetFlags() {
    comparedFor = NEVER;
    flagsOf = NEVER;
  }

  /** The host condition of an integer comparison, null for other operations. */
  static Cond condition(IrOp op) {
    return switch (op) {
      case CMPEQ, EXIT_EQ -> Cond.E;
      case CMPNE, EXIT_NE -> Cond.NE;
      case CMPLT, EXIT_LT -> Cond.L;
      case CMPGE, EXIT_GE -> Cond.GE;
      case CMPLTU, EXIT_LTU -> Cond.B;
      case CMPGEU, EXIT_GEU -> Cond.AE;
      default -> null;
    };
  }

  /** The condition that holds for (b, a) when {@code cond} holds for (a, b). */
  private static Cond swapped(Cond cond) {
    return switch (cond) {
      case L -> Cond.G;
      case G -> Cond.L;
      case GE -> Cond.LE;
      case LE -> Cond.GE;
      case B -> Cond.A;
      case A -> Cond.B;
      case AE -> Cond.BE;
      case BE -> Cond.AE;
      default -> cond;
    };
  }

  // Two operands.

  void add(int id, int size) {
    IrBlock block = out.block;
    int a = block.a(id);
    int b = block.b(id);
    if (regs.isConstant(a)) {
      int swap = a;
      a = b;
      b = swap;
    }
    if (regs.isImmediate(b) && regs.registerOf(a) >= 0 && stays(id, a)) {
      Gpr from = regs.useGpr(a);
      asm.lea(size, regs.defineGpr(id), Mem.of(from, (int) regs.constant(b)));
    } else if (!regs.isImmediate(b)
        && regs.registerOf(a) >= 0
        && regs.registerOf(b) >= 0
        && stays(id, a)
        && stays(id, b)) {
      Gpr first = regs.useGpr(a);
      Gpr second = regs.useGpr(b);
      asm.lea(size, regs.defineGpr(id), Mem.of(first, second, 1, 0));
    } else {
      binary(AluOp.ADD, id, a, b, size, true);
    }
  }

  /** Adds a scaled operand: {@code shift} is a left shift by 1 to 3 that was left for here. */
  void addScaled(int id, int shift, int other) {
    int scale = 1 << (int) regs.constant(out.block.b(shift));
    Gpr index = regs.useGpr(out.block.a(shift));
    if (regs.isImmediate(other)) {
      asm.lea(8, regs.defineGpr(id), Mem.index(index, scale, (int) regs.constant(other)));
    } else {
      Gpr base = regs.useGpr(other);
      asm.lea(8, regs.defineGpr(id), Mem.of(base, index, scale, 0));
    }
  }

  /** Whether operand {@code v} keeps its register, so that a two-operand form needs a copy. */
  private boolean stays(int id, int v) {
    int r = regs.registerOf(v);
    boolean dies = !regs.isLiveAfter(v) && !regs.isHome(r);
    return !dies && !regs.targets(id, v);
  }

  void commutative(AluOp op, int id) {
    binary(op, id, out.block.a(id), out.block.b(id), 8, true);
  }

  void sub(int id, int size) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    if (regs.isConstant(a) && regs.constant(a) == 0) {
      asm.neg(size, regs.defineGprFrom(id, b, -1));
    } else {
      binary(AluOp.SUB, id, a, b, size, false);
    }
  }

  private void binary(AluOp op, int id, int left, int right, int size, boolean commutative) {
    int a = left;
    int b = right;
    if (commutative && (regs.isConstant(a) || regs.targets(id, b))) {
      a = right;
      b = left;
    }
    flagsOf = id;
    flagsSize = size;
    int slot = size == 8 ? out.updatedSlot(id, a) : -1;
    if (slot >= 0 && regs.resolve(a) != regs.resolve(b)) {
      update(op, id, slot, b);
      return;
    }
    if (regs.isImmediate(b)) {
      asm.alu(op, size, regs.defineGprFrom(id, a, -1), (int) regs.constant(b));
      return;
    }
    Mem memory = regs.resolve(a) == regs.resolve(b) ? null : loads.find(b);
    if (memory != null) {
      out.lockIfInRegister(a);
      asm.alu(op, size, regs.defineGprFrom(id, a, -1), memory);
    } else {
      Gpr second = regs.useGpr(b);
      out.lockIfInRegister(a);
      asm.alu(op, size, regs.defineGprFrom(id, a, b), second);
    }
  }

  /** Changes a guest register that is in memory where it is. */
  private void update(AluOp op, int id, int slot, int by) {
    Mem there = state(RegisterFile.slot(slot));
    if (regs.isImmediate(by)) {
      asm.alu(op, 8, there, (int) regs.constant(by));
    } else {
      asm.alu(op, 8, there, regs.useGpr(by));
    }
    regs.defineInSlot(id, slot);
  }

  // Shifts.

  void shift(ShiftOp op, int id, int size) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    if (regs.isConstant(b)) {
      int count = (int) regs.constant(b) & (8 * size - 1);
      boolean isScaling = op == ShiftOp.SHL && size == 8 && count >= 1 && count <= 3;
      if (isScaling && regs.registerOf(a) >= 0 && stays(id, a)) {
        Gpr index = regs.useGpr(a);
        Gpr d = regs.defineGpr(id);
        asm.lea(8, d, count == 1 ? Mem.of(index, index, 1, 0) : Mem.index(index, 1 << count, 0));
        return;
      }
      int slot = size == 8 ? out.updatedSlot(id, a) : -1;
      if (slot >= 0) {
        asm.shift(op, 8, state(RegisterFile.slot(slot)), count);
        regs.defineInSlot(id, slot);
        return;
      }
      Gpr d = regs.defineGprFrom(id, a, -1);
      if (count != 0) {
        asm.shift(op, size, d, count);
      } else if (size == 4) {
        asm.mov(4, d, d);
      }
      return;
    }
    if (!out.cpu.has(Feature.BMI2)) {
      shiftByCl(op, id, size);
      return;
    }
    Gpr count = regs.useGpr(b);
    Gpr from = regs.useGpr(a);
    Gpr d = regs.defineGpr(id);
    switch (op) {
      case SHL -> asm.shlx(size, d, from, count);
      case SHR -> asm.shrx(size, d, from, count);
      case SAR -> asm.sarx(size, d, from, count);
      default -> throw new IllegalArgumentException(op.toString());
    }
  }

  void rotate(ShiftOp op, int id, int size) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    if (regs.isConstant(b)) {
      int width = 8 * size;
      int count = (int) regs.constant(b) & (width - 1);
      if (!out.cpu.has(Feature.BMI2)) {
        Gpr d = regs.defineGprFrom(id, a, -1);
        asm.mov(size, d, d);
        asm.shift(op, size, d, count);
        return;
      }
      Gpr from = regs.useGpr(a);
      asm.rorx(size, regs.defineGpr(id), from, op == ShiftOp.ROR ? count : (width - count) % width);
      return;
    }
    shiftByCl(op, id, size);
  }

  private void shiftByCl(ShiftOp op, int id, int size) {
    regs.take(Gpr.RCX);
    regs.load(Gpr.RCX, out.block.b(id));
    Gpr from = regs.useGpr(out.block.a(id));
    Gpr d = regs.defineGpr(id);
    asm.mov(size, d, from);
    asm.shiftCl(op, size, d);
  }

  // One operand.

  void extend(int id, int bytes, boolean signed) {
    int a = out.block.a(id);
    int memory = regs.memoryOperand(a);
    if (memory != NO_MEMORY) {
      extendFrom(state(memory), regs.defineGpr(id), bytes, signed);
      return;
    }
    Gpr from = regs.useGpr(a);
    Gpr d = regs.defineGpr(id);
    if (bytes == 4) {
      if (signed) {
        asm.movsxd(d, from);
      } else {
        asm.mov(4, d, from);
      }
    } else if (signed) {
      asm.movsx(8, bytes, d, from);
    } else {
      asm.movzx(bytes, d, from);
    }
  }

  /** Loads and extends {@code bytes} bytes. */
  void extendFrom(Mem from, Gpr d, int bytes, boolean signed) {
    if (bytes == 4) {
      if (signed) {
        asm.movsxd(d, from);
      } else {
        asm.mov(4, d, from);
      }
    } else if (signed) {
      asm.movsx(8, bytes, d, from);
    } else {
      asm.movzx(bytes, d, from);
    }
  }

  /** Bits 63 to 31 of a negative word without its signs are 1. */
  void resign(int id) {
    int a = out.block.a(id);
    Gpr from = regs.useGpr(a);
    Gpr extended = regs.scratchGpr();
    asm.mov(8, extended, from);
    asm.shift(ShiftOp.SHR, 8, extended, 31);
    asm.cmp(8, extended, 1);
    asm.movsxd(extended, from);
    asm.cmovcc(Cond.E, 8, regs.defineGprFrom(id, a, -1), extended);
  }

  void count(IrOp op, int id) {
    Gpr from = regs.useGpr(out.block.a(id));
    Gpr d = regs.defineGpr(id);
    switch (op) {
      case CLZ -> leadingZeros(8, d, from);
      case CLZ32 -> leadingZeros(4, d, from);
      case CTZ -> trailingZeros(8, d, from);
      case CTZ32 -> trailingZeros(4, d, from);
      case CPOP -> asm.popcnt(8, d, from);
      case CPOP32 -> asm.popcnt(4, d, from);
      default -> throw new IllegalArgumentException(op.toString());
    }
  }

  private void leadingZeros(int size, Gpr d, Gpr from) {
    if (out.cpu.has(Feature.LZCNT)) {
      asm.lzcnt(size, d, from);
      return;
    }
    int bits = 8 * size;
    asm.bsr(size, d, from);
    orIfZero(d, 2 * bits - 1);
    asm.xor(4, d, bits - 1);
  }

  private void trailingZeros(int size, Gpr d, Gpr from) {
    if (out.cpu.has(Feature.BMI1)) {
      asm.tzcnt(size, d, from);
      return;
    }
    asm.bsf(size, d, from);
    orIfZero(d, 8 * size);
  }

  /** Bit scans of zero give nothing that is defined. */
  private void orIfZero(Gpr d, int value) {
    Label found = new Label();
    asm.jcc(Cond.NE, found);
    asm.movImm(d, value);
    asm.bind(found);
  }

  void byteSwap(int id) {
    asm.bswap(8, regs.defineGprFrom(id, out.block.a(id), -1));
  }

  /** orc.b: bit 7 of each byte of ((x & 0x7f…) + 0x7f…) | x tells whether the byte is not zero. */
  void orCombine(int id) {
    Gpr a = regs.useGpr(out.block.a(id));
    Gpr mask = regs.scratchGpr();
    Gpr d = regs.scratchGpr();
    asm.movImm(mask, 0x7f7f7f7f7f7f7f7fL);
    asm.mov(8, d, mask);
    asm.and(8, d, a);
    asm.add(8, d, mask);
    asm.or(8, d, a);
    asm.not(8, mask);
    asm.and(8, d, mask);
    asm.mov(8, mask, d);
    asm.shift(ShiftOp.SHR, 8, mask, 7);
    asm.sub(8, d, mask);
    asm.shift(ShiftOp.SHL, 8, mask, 7);
    asm.or(8, d, mask);
    regs.defineIn(id, d);
  }

  void carrylessMultiply(IrOp op, int id) {
    Xmm x = regs.scratchXmm();
    Xmm y = regs.scratchXmm();
    asm.vmovq(x, regs.useGpr(out.block.a(id)));
    asm.vmovq(y, regs.useGpr(out.block.b(id)));
    regs.unlock();
    asm.avx(Avx.BinaryImm.VPCLMULQDQ, x, x, y, 0);
    Gpr d = regs.defineGpr(id);
    switch (op) {
      case CLMUL -> asm.vmovq(d, x);
      case CLMULH -> asm.vpextrq(d, x, 1);
      default -> {
        // Bits 126..63 of the product.
        Gpr low = regs.scratchGpr();
        asm.vmovq(low, x);
        asm.vpextrq(d, x, 1);
        asm.shift(ShiftOp.SHR, 8, low, 63);
        asm.lea(8, d, Mem.of(low, d, 2, 0));
      }
    }
  }

  // Comparisons.

  /**
   * Emits a comparison of operations' operands a and b; returns the condition under which {@code
   * cond} holds.
   */
  Cond compare(Cond cond, int left, int right) {
    boolean isOfWords = out.isBareWord(left) || out.isBareWord(right);
    int size = isOfWords ? 4 : 8;
    int a = out.isBareWord(left) ? out.block.a(left) : left;
    int b = out.isBareWord(right) ? out.block.a(right) : right;
    Cond result = cond;
    if (regs.isConstant(a) && !regs.isConstant(b)) {
      int swap = a;
      a = b;
      b = swap;
      result = swapped(cond);
    }
    if (regs.isImmediate(b)) {
      int imm = (int) regs.constant(b);
      boolean isEquality = cond == Cond.E || cond == Cond.NE;
      if (imm == 0
          && isEquality
          && regs.resolve(a) == flagsOf
          && size >= flagsSize
          && areFlagsOf(flagsOf, regs.now())) {
        return result;
      }
      int memory = regs.memoryOperand(a);
      if (memory != NO_MEMORY) {
        asm.cmp(size, state(memory), imm);
      } else if (imm == 0) {
        Gpr r = regs.useGpr(a);
        asm.test(size, r, r);
      } else {
        asm.cmp(size, regs.useGpr(a), imm);
      }
      return result;
    }
    if (regs.memoryOperand(a) != NO_MEMORY && regs.registerOf(b) >= 0) {
      asm.cmp(size, regs.useGpr(b), state(regs.memoryOperand(a)));
      return swapped(result);
    }
    int memory = regs.memoryOperand(b);
    Gpr first = regs.useGpr(a);
    if (memory != NO_MEMORY && regs.registerOf(b) < 0) {
      asm.cmp(size, first, state(memory));
    } else {
      asm.cmp(size, first, regs.useGpr(b));
    }
    return result;
  }

  void compareToBit(int id, Cond cond) {
    Cond result = compare(cond, out.block.a(id), out.block.b(id));
    Gpr d = regs.defineGpr(id);
    asm.setcc(result, d);
    asm.movzx(1, d, d);
  }

  /** SELECT; the condition may be a comparison that was left for here. */
  void select(int id, boolean fused) {
    IrBlock block = out.block;
    int condition = block.a(id);
    int ifTrue = block.b(id);
    int ifFalse = block.c(id);
    // Bring operands in first where that cannot exceed the scratch registers: nothing between the
    // comparison and the move may change flags, and loads do not.
    Cond cond;
    if (fused) {
      cond =
          isCompared(condition, id)
              ? comparedCond
              : compare(condition(block.op(condition)), block.a(condition), block.b(condition));
      comparedCond = cond;
      comparedFor = id;
      regs.unlock();
    } else {
      Gpr c = regs.useGpr(condition);
      asm.test(8, c, c);
      cond = Cond.NE;
      regs.unlock();
    }
    if (regs.targets(id, ifTrue)) {
      ifTrue = block.c(id);
      ifFalse = block.b(id);
      cond = cond.negate();
    }
    int memory = regs.memoryOperand(ifTrue);
    if (memory != NO_MEMORY) {
      Gpr d = selectDestination(id, ifFalse, -1);
      asm.cmovcc(cond, 8, d, state(memory));
    } else {
      Gpr value = regs.useGpr(ifTrue);
      Gpr d = selectDestination(id, ifFalse, ifTrue);
      asm.cmovcc(cond, 8, d, value);
    }
  }

  /** Whether the flags are still those of a selection before by the same condition. */
  private boolean isCompared(int condition, int id) {
    return areFlagsOf(comparedFor, id) && out.block.a(comparedFor) == condition;
  }

  /** Whether the flags that operation {@code setter} left are there yet at {@code id}. */
  private boolean areFlagsOf(int setter, int id) {
    int before = id - 1;
    while (before > setter && isFlagless(out.block, before)) {
      before--;
    }
    return before == setter;
  }

  private static boolean isFlagless(IrBlock block, int id) {
    return switch (block.op(id)) {
      case CONST, GET, SEXT8, SEXT16, SEXT32, ZEXT8, ZEXT16, ZEXT32 -> true;
      case PUT -> !RegionSlots.isStart((int) block.imm(id));
      default -> false;
    };
  }

  private Gpr selectDestination(int id, int ifFalse, int keep) {
    out.lockIfInRegister(ifFalse);
    return regs.defineGprFrom(id, ifFalse, keep);
  }
}
