package dev.isomorph.hostbackend.lower;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each float operation on the values at which the host's instructions differ from RISC-V's. */
class FloatCornersTest {
  private static final double[] VALUES = {
    0,
    1,
    1.5,
    0.5,
    0.1,
    3,
    0x1p31,
    0x1p31 - 1,
    0x1p31 - 0.5,
    0x1p31 + 0.5,
    0x1p31 + 1.5,
    0x1p32 - 0.5,
    2.5,
    0x1.fffffep-2,
    0x1.fffffffffffffp-2,
    0x1.fffffffffffffp51,
    0x1p32,
    0x1p32 - 1,
    0x1p63,
    0x1.fffffep62,
    0x1.fffffffffffffp62,
    0x1p64,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY
  };

  private static final long[] NANS = {
    0x7ff8_0000_0000_0000L, 0xfff8_0000_0000_0001L, 0x7ff0_0000_0000_0001L, 0xfff4_0000_0000_0000L
  };

  private static final int[] SINGLE_NANS = {0x7fc0_0000, 0xffc0_0001, 0x7f80_0001, 0xffa0_0000};

  private static final int MANY = Integer.getInteger("isomorph.corners", 400);
  private static final int DYNAMIC = 7;
  private static final int TOWARDS_ZERO = 1;

  /** What has no code of its own. */
  private static final Set<IrOp> EVALUATED =
      EnumSet.of(IrOp.FCVT_S_H, IrOp.FCVT_D_H, IrOp.FCVT_H_S, IrOp.FCVT_H_D);

  private static final byte[] MEMORY = new byte[2 * GuestPages.PAGE];

  private static Judge judge;

  @BeforeAll
  static void open() {
    judge = new Judge();
  }

  @AfterAll
  static void close() {
    judge.close();
  }

  /** All float operations but moves, boxing and the repair of NaNs. */
  static Stream<IrOp> operations() {
    return Stream.of(IrOp.values())
        .filter(op -> op.name().startsWith("F") && op != IrOp.FENCE && op != IrOp.FLOAT_TO_BITS);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void agreesWithTheEvaluator(IrOp op) {
    Random random = new Random(op.ordinal());
    for (int i = 0; i < MANY; i++) {
      ArrayState start = States.random(random);
      int frm = random.nextInt(4);
      start.put(StateSlot.FRM, frm);
      start.fflags(0);
      for (int register = 0; register < 32; register++) {
        long value = isSingleSource(op) ? single(random) : dbl(random);
        start.put(StateSlot.f(register), value);
        if (register > 0) {
          start.put(StateSlot.x(register), integer(random));
        }
      }
      int mode = random.nextInt(3) == 0 ? random.nextInt(hasAllModes(op) ? 5 : 4) : DYNAMIC;
      IrBlock block = block(op, mode, random);
      assertNull(judge.fault(block, start, MEMORY), block::toString);
    }
  }

  /** Emitted code asks the evaluator for what is rare, not for everything. */
  @ParameterizedTest
  @MethodSource("operations")
  void computesOrdinaryValuesItself(IrOp op) {
    Assumptions.assumeFalse(EVALUATED.contains(op));
    Random random = new Random(op.ordinal());
    ArrayState start = States.random(random);
    start.put(StateSlot.FRM, TOWARDS_ZERO);
    for (int register = 0; register < 32; register++) {
      float value = 1.25f + register;
      long single = -1L << 32 | Float.floatToRawIntBits(value);
      boolean isSingle = isSingleSource(op);
      start.put(StateSlot.f(register), isSingle ? single : Double.doubleToRawLongBits(value));
      if (register > 0) {
        start.put(StateSlot.x(register), 100 + register);
      }
    }
    int before = judge.completed();
    IrBlock block = block(op, TOWARDS_ZERO, random);
    assertNull(judge.fault(block, start, MEMORY), block::toString);
    assertEquals(before + 1, judge.completed(), block::toString);
  }

  /** Whether emitted code rounds to nearest, ties to max magnitude, too. */
  private static boolean hasAllModes(IrOp op) {
    return op.name().matches("FCVT_[WL]U?_[SD]|FROUND.*") || isFromInteger(op);
  }

  private static boolean isFromInteger(IrOp op) {
    return op.name().matches("FCVT_[SD]_[WL]U?");
  }

  static Stream<IrOp> fromIntegers() {
    return operations().filter(FloatCornersTest::isFromInteger);
  }

  /** As floor() and its kin have them in C libraries, whatever frm is. */
  @ParameterizedTest
  @MethodSource("fromIntegers")
  void convertsIntegersThatFitItselfInAnyMode(IrOp op) {
    Random random = new Random(op.ordinal());
    ArrayState start = States.random(random);
    long most = 1L << (op.name().startsWith("FCVT_S") ? 24 : 53);
    boolean isUnsigned = op.name().endsWith("U");
    for (int i = 0; i < 50; i++) {
      start.put(StateSlot.FRM, i / 5 % 4);
      for (int register = 1; register < 32; register++) {
        long value = random.nextBoolean() ? most - 1 : random.nextLong(most);
        start.put(StateSlot.x(register), isUnsigned || random.nextBoolean() ? value : ~value);
      }
      int before = judge.completed();
      IrBlock block = block(op, i % 5, random);
      assertNull(judge.fault(block, start, MEMORY), block::toString);
      assertEquals(before + 1, judge.completed(), block::toString);
    }
  }

  static Stream<IrOp> fused() {
    return operations().filter(IrOp::isFusedMultiplyAdd);
  }

  /** NV for inf × 0 whatever is added, nothing of a product that rounds for a NaN's sake. */
  @ParameterizedTest
  @MethodSource("fused")
  void fusedNansRaiseWhatTheirOperandsDo(IrOp op) {
    float[] values = {0, 0.1f, Float.POSITIVE_INFINITY, Float.MAX_VALUE, Float.NaN};
    Random random = new Random(op.ordinal());
    for (int i = 0; i < values.length * values.length * values.length; i++) {
      ArrayState start = States.random(random);
      start.put(StateSlot.FRM, TOWARDS_ZERO);
      start.fflags(0);
      int[] picks = {i % 5, i / 5 % 5, i / 25};
      IrBlock block = new IrBlock();
      block.beginInstruction(0x4000, 0x43, 4);
      int[] operands = new int[3];
      for (int k = 0; k < 3; k++) {
        float value = values[picks[k]];
        long single = -1L << 32 | Float.floatToRawIntBits(value);
        long bits = isSingleSource(op) ? single : Double.doubleToRawLongBits(value);
        start.put(StateSlot.f(k), bits);
        int read = block.emit(IrOp.GETF, NONE, NONE, NONE, StateSlot.f(k));
        operands[k] = isSingleSource(op) ? block.emit(IrOp.UNBOX_S, read) : read;
      }
      int value = block.emit(op, operands[0], operands[1], operands[2], DYNAMIC);
      value = isSingleSource(op) ? block.emit(IrOp.BOX_S, value) : value;
      // Also into the registers of the operands.
      block.emit(IrOp.PUTF, value, NONE, NONE, StateSlot.f(random.nextInt(4)));
      block.emit(IrOp.JUMP, NONE, 0x5000L);
      int before = judge.completed();
      assertNull(judge.fault(block, start, MEMORY), block::toString);
      assertEquals(before + 1, judge.completed(), block::toString);
    }
  }

  private static boolean isSingleSource(IrOp op) {
    return op.name().endsWith("_S");
  }

  private static long dbl(Random random) {
    if (random.nextInt(12) == 0) {
      return NANS[random.nextInt(NANS.length)];
    }
    double value = VALUES[random.nextInt(VALUES.length)];
    return Double.doubleToRawLongBits(random.nextBoolean() ? value : -value);
  }

  private static long single(Random random) {
    if (random.nextInt(30) == 0) {
      return dbl(random);
    }
    float value = (float) VALUES[random.nextInt(VALUES.length)];
    int bits = Float.floatToRawIntBits(random.nextBoolean() ? value : -value);
    if (random.nextInt(12) == 0) {
      bits = SINGLE_NANS[random.nextInt(SINGLE_NANS.length)];
    }
    return -1L << 32 | bits & 0xffff_ffffL;
  }

  private static long integer(Random random) {
    long bit = 1L << random.nextInt(64);
    return random.nextBoolean() ? bit + random.nextInt(-1, 2) : -bit | random.nextLong();
  }

  private static IrBlock block(IrOp op, int mode, Random random) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x4000, 0x53, 4);
    int[] operands = {NONE, NONE, NONE};
    for (int i = 0; i < op.operands(); i++) {
      operands[i] = operand(block, op, random.nextInt(16));
    }
    int value =
        block.emit(
            op, operands[0], operands[1], operands[2], op.effect() == IrOp.Effect.FLAGS ? mode : 0);
    if (op.type() == ValueType.INT) {
      block.emit(IrOp.PUT, value, NONE, NONE, StateSlot.x(1 + random.nextInt(31)));
    } else {
      boolean conversion = op.name().startsWith("FCVT");
      boolean single = conversion ? op.name().startsWith("FCVT_S") : isSingleSource(op);
      if (op.effect() == IrOp.Effect.FLAGS && !op.isFusedMultiplyAdd()) {
        value = block.emit(single ? IrOp.CANON_S : IrOp.CANON_D, value);
      }
      value = single ? block.emit(IrOp.BOX_S, value) : value;
      block.emit(IrOp.PUTF, value, NONE, NONE, StateSlot.f(random.nextInt(16)));
    }
    block.emit(IrOp.JUMP, NONE, 0x5000L);
    return block;
  }

  private static int operand(IrBlock block, IrOp op, int register) {
    if (isFromInteger(op)) {
      return block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(1 + register));
    }
    int value = block.emit(IrOp.GETF, NONE, NONE, NONE, StateSlot.f(register));
    return isSingleSource(op) ? block.emit(IrOp.UNBOX_S, value) : value;
  }
}
