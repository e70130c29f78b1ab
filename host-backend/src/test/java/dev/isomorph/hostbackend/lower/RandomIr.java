package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.ir.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes random blocks that are hard on a register allocator: all guest registers, many values alive
 * at once and across guest instructions, every operation.
 *
 * <p>As with lifted code, an instruction has at most one operation with an effect, and writes its
 * registers last; float results are made canonical at once, and singles stay apart from doubles.
 */
final class RandomIr {
  /** What kinds of operation a block has besides integer arithmetic. */
  enum Profile {
    INTEGER,
    MEMORY,
    FLOAT,
    ALL;

    /** Whether there are loads and stores. */
    boolean hasMemory() {
      return this == MEMORY || this == ALL;
    }
  }

  private static final long[] CONSTANTS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    31,
    32,
    63,
    64,
    0x7f,
    0x80,
    0xff,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    -0x8000_0000L,
    0x1234_5678_9abc_def0L,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  private static final List<IrOp> INTEGER = new ArrayList<>();
  private static final List<IrOp> MEMORY = new ArrayList<>();
  private static final List<IrOp> FLOAT = new ArrayList<>();
  private static final List<IrOp> SIDE_EXITS = new ArrayList<>();
  private static final List<IrOp> ENDS = new ArrayList<>();

  static {
    for (IrOp op : IrOp.values()) {
      if (IntegerSemantics.defines(op)) {
        INTEGER.add(op);
      } else if (op.compareTo(IrOp.LD8S) >= 0 && op.compareTo(IrOp.ZERO_BLOCK) <= 0) {
        MEMORY.add(op); // Not by what the operation says of itself: that is under test, too.
      } else if (op.endsBlock()) {
        ENDS.add(op);
      } else if (op.isSideExit()) {
        SIDE_EXITS.add(op);
      } else if (op.ordinal() > IrOp.FENCE.ordinal()) {
        FLOAT.add(op);
      }
    }
    FLOAT.removeAll(List.of(IrOp.CANON_S, IrOp.CANON_D, IrOp.UNBOX_S));
    for (int i = 0; i < 4; i++) {
      INTEGER.addAll(List.of(IrOp.ADD, IrOp.SUB, IrOp.SELECT, IrOp.SHL, IrOp.ADD32, IrOp.DIV));
    }
  }

  private final Random random;
  private final Profile profile;
  private final int frm;
  private final Addressing addressing;
  private final IrBlock block = new IrBlock();
  private final List<Integer> integers = new ArrayList<>();
  private final List<Integer> singles = new ArrayList<>();
  private final List<Integer> doubles = new ArrayList<>();

  private RandomIr(Random random, Profile profile, int frm, Addressing addressing) {
    this.random = random;
    this.profile = profile;
    this.frm = frm;
    this.addressing = addressing;
  }

  /** A block of up to {@code length} instructions for a hart with rounding mode {@code frm}. */
  static IrBlock block(Random random, Profile profile, int frm, int length) {
    return block(random, profile, frm, length, Addressing.WINDOW);
  }

  /**
   * As {@link #block(Random, Profile, int, int)}, with addresses that are hard on an addressing.
   */
  static IrBlock block(Random random, Profile profile, int frm, int length, Addressing addressing) {
    RandomIr maker = new RandomIr(random, profile, frm, addressing);
    int n = random.nextInt(length);
    for (int i = 0; i < n; i++) {
      maker.begin();
      maker.instruction();
    }
    maker.begin();
    maker.end();
    return maker.block;
  }

  private void begin() {
    block.beginInstruction(0x4000 + 4L * block.instructionCount(), 0x13, 4);
  }

  private void instruction() {
    for (int i = random.nextInt(3); i > 0; i--) {
      arithmetic();
    }
    switch (random.nextInt(12)) {
      case 0 -> sideExit();
      case 1, 2, 3, 4 -> {
        if (profile.hasMemory()) {
          memory(any(MEMORY));
        }
      }
      case 5, 6, 7, 8, 9 -> {
        if (profile == Profile.FLOAT || profile == Profile.ALL) {
          floating(any(FLOAT));
        }
      }
      default -> {}
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      write();
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int emit(IrOp op, int a, int b, int c, long imm) {
    int id = block.emit(op, a, b, c, imm);
    if (op.type() == ValueType.INT) {
      integers.add(id);
    }
    return id;
  }

  private void arithmetic() {
    IrOp op = any(INTEGER);
    int a = integer();
    int b = op.operands() > 1 ? integer() : IrBlock.NONE;
    int c = op.operands() > 2 ? integer() : IrBlock.NONE;
    emit(op, a, b, c, 0);
  }

  private int integer() {
    int kind = random.nextInt(20);
    if (kind < 6 || integers.isEmpty()) {
      return emit(IrOp.GET, -1, -1, -1, StateSlot.x(random.nextInt(1, 32)));
    }
    if (kind < 9) {
      boolean corner = random.nextBoolean();
      long value = corner ? CONSTANTS[random.nextInt(CONSTANTS.length)] : random.nextLong();
      return emit(IrOp.CONST, -1, -1, -1, value);
    }
    return recent(integers);
  }

  /** Mostly one of the last values, but old ones too, which live long then. */
  private int recent(List<Integer> values) {
    int reach = random.nextInt(3) == 0 ? values.size() : Math.min(values.size(), 5);
    return values.get(values.size() - 1 - random.nextInt(reach));
  }

  private void write() {
    if (random.nextInt(3) == 0 && profile != Profile.INTEGER) {
      // Unboxing may leave the block, which is too late behind an effect.
      boolean single = !singles.isEmpty() && random.nextBoolean();
      int value = single ? emit(IrOp.BOX_S, recent(singles), -1, -1, 0) : dbl();
      block.emit(IrOp.PUTF, value, -1, -1, StateSlot.f(floatRegister(single)));
    } else {
      block.emit(IrOp.PUT, integer(), -1, -1, StateSlot.x(random.nextInt(1, 32)));
    }
  }

  private int floatRegister(boolean single) {
    return 2 * random.nextInt(16) + (single ? 0 : 1);
  }

  /** A value whose low half is a single; may unbox one. */
  private int single() {
    if (singles.isEmpty() || random.nextInt(6) == 0) {
      // Always boxed at the start and by write().
      int value = emit(IrOp.GETF, -1, -1, -1, StateSlot.f(floatRegister(true)));
      value = random.nextInt(30) == 0 ? dbl() : value;
      value = emit(IrOp.UNBOX_S, value, -1, -1, 0);
      singles.add(value);
    }
    return recent(singles);
  }

  /** A value of which all 64 bits are defined. */
  private int dbl() {
    if (doubles.isEmpty() || random.nextInt(4) == 0) {
      doubles.add(
          switch (random.nextInt(8)) {
            case 0 -> emit(IrOp.BITS_TO_FLOAT, integer(), -1, -1, 0);
            case 1 -> emit(IrOp.GETF, -1, -1, -1, StateSlot.f(random.nextInt(32)));
            default -> emit(IrOp.GETF, -1, -1, -1, StateSlot.f(floatRegister(false)));
          });
    }
    return recent(doubles);
  }

  private void floating(IrOp op) {
    switch (op) {
      case GUARD -> {
        emit(op, random.nextInt(8) != 0 ? emit(IrOp.CONST, -1, -1, -1, 0) : integer(), -1, -1, 0);
        return;
      }
      case COUNTER, FCVT_S_H, FCVT_D_H, FCVT_H_S, FCVT_H_D -> {
        // The evaluator's: all that follows is out of reach.
        if (random.nextInt(8) != 0) {
          return;
        }
      }
      default -> {}
    }
    String name = op.name();
    boolean fromInteger = name.matches("FCVT_[SD]_[WL]U?|BITS_TO_FLOAT|SET_FFLAGS");
    boolean singleOperand = name.endsWith("_S");
    int[] operands = {IrBlock.NONE, IrBlock.NONE, IrBlock.NONE};
    for (int i = 0; i < op.operands(); i++) {
      operands[i] = fromInteger ? integer() : singleOperand ? single() : dbl();
    }
    long imm = op.effect() == IrOp.Effect.FLAGS ? roundingMode() : 0;
    imm = op == IrOp.COUNTER ? 0xc00 : imm;
    int value = emit(op, operands[0], operands[1], operands[2], imm);
    if (op.type() == ValueType.FLOAT) {
      boolean single = name.startsWith("FCVT") ? name.startsWith("FCVT_S") : singleOperand;
      if (op.effect() == IrOp.Effect.FLAGS && !op.isFusedMultiplyAdd()) {
        value = emit(single ? IrOp.CANON_S : IrOp.CANON_D, value, -1, -1, 0);
      }
      boolean half = name.startsWith("FCVT_H");
      if (!half) {
        (single && op != IrOp.BOX_S ? singles : doubles).add(value);
      }
    }
  }

  private long roundingMode() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt(4);
      case 1, 2, 3 -> frm;
      default -> 7;
    };
  }

  private void memory(IrOp op) {
    boolean plain = op.ordinal() < IrOp.LR32.ordinal();
    int displacement = plain ? random.nextInt(-64, 64) : 0;
    int address = address(op);
    if (op == IrOp.FENCE) {
      emit(op, -1, -1, -1, random.nextInt(2));
    } else if (op == IrOp.STF_S) {
      emit(op, address, random.nextBoolean() ? single() : dbl(), -1, displacement);
    } else if (op == IrOp.STF_D) {
      emit(op, address, dbl(), -1, displacement);
    } else if (op.operands() == 2) {
      boolean isAmo = op == IrOp.AMO32 || op == IrOp.AMO64;
      long imm = isAmo ? random.nextInt(AmoKind.values().length) : displacement;
      emit(op, address, integer(), -1, imm);
    } else {
      int value = emit(op, address, -1, -1, displacement);
      if (op == IrOp.LDF_S) {
        singles.add(value);
      } else if (op == IrOp.LDF_D) {
        doubles.add(value);
      }
    }
  }

  /** An address in or near the two pages, rarely where it cannot be accessed. */
  private int address(IrOp op) {
    boolean atomic = op.ordinal() >= IrOp.LR32.ordinal();
    if (addressing == Addressing.PAGED && random.nextInt(4) != 0) {
      return pagedAddress(atomic);
    }
    int kind = random.nextInt(40);
    if (kind == 0) {
      return block.constant(GuestPages.BASE - 8L * random.nextInt(8));
    }
    if (kind == 1) {
      // Around the largest displacement there is, or where no address is.
      boolean canonical = random.nextBoolean();
      return block.constant(
          canonical ? 0x8000_0000L + random.nextInt(-32, 96) : 0x4000_0000_0000_0000L);
    }
    if (kind == 2) {
      return block.constant(GuestPages.BASE + 2 * GuestPages.PAGE - random.nextInt(80));
    }
    if (kind < 8) {
      return block.constant(GuestPages.BASE + 64 + 8L * random.nextInt(400));
    }
    long mask = atomic && random.nextInt(20) != 0 ? 0x7f8 : 0x7ff;
    int offset = emit(IrOp.AND, integer(), block.constant(mask), -1, 0);
    return emit(IrOp.ADD, offset, block.constant(GuestPages.BASE + 64), -1, 0);
  }

  /** An address in either place of the pages, often where they meet. */
  private int pagedAddress(boolean atomic) {
    long base = GuestPages.BASE + (random.nextBoolean() ? PagedPages.ALIAS : 0);
    boolean border = random.nextInt(5) == 0;
    long start = base + (border ? GuestPages.PAGE - 32 : 64);
    long mask = (border ? 0x3f : 0x7ff) & (atomic && random.nextInt(20) != 0 ? -8 : -1);
    if (random.nextInt(4) == 0) {
      return block.constant(start + (random.nextInt(0x800) & mask));
    }
    int offset = emit(IrOp.AND, integer(), block.constant(mask), -1, 0);
    return emit(IrOp.ADD, offset, block.constant(start), -1, 0);
  }

  private void sideExit() {
    IrOp op = any(SIDE_EXITS);
    int a = integer();
    // An operand that is compared with itself keeps most blocks going.
    int b = random.nextInt(4) == 0 ? integer() : a;
    block.emit(op, a, b, 0x4000 + 4L * random.nextInt(-20, 100));
  }

  private void end() {
    IrOp op = any(ENDS);
    int target = IrBlock.NONE;
    if (op.operands() > (op == IrOp.CALL ? 1 : 0)) {
      target = emit(IrOp.AND, integer(), block.constant(-2), -1, 0);
    }
    int returnPc = block.constant(random.nextBoolean() ? block.endPc() : 0x12_3456_7890L);
    switch (op) {
      case CALL -> block.emit(op, returnPc, 0x5000L);
      case CALL_INDIRECT -> block.emit(op, target, returnPc);
      case JUMP -> block.emit(op, IrBlock.NONE, 0x4000 + 4L * random.nextInt(-9, 99));
      case TRAP -> block.emit(op, IrBlock.NONE, (long) random.nextInt(TrapKind.values().length));
      default -> block.emit(op, target);
    }
  }
}
