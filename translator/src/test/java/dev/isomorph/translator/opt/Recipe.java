package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.ir.ValueType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A block in a form that shrinks well: a list of steps, each of which becomes one guest instruction
 * as a lifter might have made it, and an end.
 */
record Recipe(List<Step> steps, Step end) {
  /** An operation, choices for its operands and its immediate, and the register for its result. */
  record Step(IrOp op, int a, int b, int c, int imm, int result) {}

  private static final long[] CONSTANTS = {
    0,
    1,
    -1,
    2,
    3,
    8,
    16,
    31,
    32,
    33,
    48,
    56,
    63,
    64,
    0xff,
    0xffff,
    0xffff_ffffL,
    0x8000_0000L,
    -2,
    -8,
    0x7fff,
    0x1234_5678_9abc_def0L,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  private static final int REGISTERS = 5;
  private static final List<IrOp> STEPS = new ArrayList<>();
  private static final List<IrOp> ENDS = new ArrayList<>();

  static {
    for (IrOp op : IrOp.values()) {
      switch (op) {
        case GETF, PUT, CANON_S, CANON_D, UNBOX_S, BOX_S -> {}
        default -> (op.endsBlock() ? ENDS : STEPS).add(op);
      }
    }
    // Those with the most rules.
    for (int i = 0; i < 4; i++) {
      STEPS.addAll(List.of(IrOp.SHL, IrOp.SHR, IrOp.SAR, IrOp.ADD, IrOp.ADD32, IrOp.SEXT32));
      STEPS.addAll(List.of(IrOp.AND, IrOp.ZEXT32, IrOp.DIV, IrOp.REM, IrOp.CONST, IrOp.LD64));
    }
  }

  static Arbitrary<Recipe> recipes() {
    return Combinators.combine(steps(STEPS).list().ofMaxSize(24), steps(ENDS)).as(Recipe::new);
  }

  private static Arbitrary<Step> steps(List<IrOp> ops) {
    Arbitrary<Integer> choice = Arbitraries.integers().between(0, 3 * CONSTANTS.length - 1);
    return Combinators.combine(Arbitraries.of(ops), choice, choice, choice, choice, choice)
        .as(Step::new);
  }

  /** The block. */
  IrBlock block() {
    IrBlock block = new IrBlock();
    for (Step step : steps) {
      append(step, block);
    }
    append(end, block);
    return block;
  }

  private static void append(Step step, IrBlock block) {
    long pc = 0x1000 + 4L * block.instructionCount();
    block.beginInstruction(pc, 0x13, 4);
    IrOp op = step.op();
    int[] choices = {step.a(), step.b(), step.c()};
    int[] operands = {IrBlock.NONE, IrBlock.NONE, IrBlock.NONE};
    for (int i = 0; i < op.operands(); i++) {
      operands[i] = operand(op, i, choices[i], block);
    }
    int value = block.emit(op, operands[0], operands[1], operands[2], immediate(step));
    if (op.type() == ValueType.INT && step.result() % 16 != 0) {
      put(IrOp.PUT, StateSlot.x(register(step.result())), value, block);
    } else if (op.type() == ValueType.FLOAT) {
      put(IrOp.PUTF, StateSlot.f(register(step.result())), finished(op, value, block), block);
    }
  }

  private static int register(int choice) {
    return 10 + choice % REGISTERS;
  }

  private static void put(IrOp put, int slot, int value, IrBlock block) {
    block.emit(put, value, IrBlock.NONE, IrBlock.NONE, slot);
  }

  /** What a lifter makes of a float result before it is written. */
  private static int finished(IrOp op, int value, IrBlock block) {
    boolean conversion = op.name().startsWith("FCVT");
    boolean single = conversion ? op.name().startsWith("FCVT_S") : op.name().endsWith("_S");
    int result = value;
    if (op.effect() == IrOp.Effect.FLAGS) {
      result = block.emit(single ? IrOp.CANON_S : IrOp.CANON_D, result);
    }
    return single ? block.emit(IrOp.BOX_S, result) : result;
  }

  private static boolean isReturnPc(IrOp op, int index) {
    return op == IrOp.CALL || op == IrOp.CALL_INDIRECT && index == 1;
  }

  static ValueType operandType(IrOp op, int index) {
    boolean isFloat =
        switch (op) {
          case STF_S, STF_D -> index == 1;
          case LDF_S, LDF_D, BITS_TO_FLOAT -> false;
          case PUTF, FLOAT_TO_BITS -> true;
          case SET_FFLAGS -> false;
          default ->
              op.name().startsWith("FCVT_S_W")
                      || op.name().startsWith("FCVT_S_L")
                      || op.name().startsWith("FCVT_D_W")
                      || op.name().startsWith("FCVT_D_L")
                  ? false
                  : op.name().startsWith("F") && op != IrOp.FENCE;
        };
    return isFloat ? ValueType.FLOAT : ValueType.INT;
  }

  private static int operand(IrOp op, int index, int choice, IrBlock block) {
    if (isReturnPc(op, index)) {
      return block.constant(block.endPc());
    }
    if (operandType(op, index) == ValueType.FLOAT) {
      int value = get(IrOp.GETF, StateSlot.f(register(choice)), block);
      return op.name().endsWith("_S") ? block.emit(IrOp.UNBOX_S, value) : value;
    }
    int value =
        choice < CONSTANTS.length
            ? block.constant(CONSTANTS[choice])
            : get(IrOp.GET, StateSlot.x(register(choice)), block);
    // Guest code addresses are even.
    return op.endsBlock() ? block.emit(IrOp.AND, value, block.constant(-2)) : value;
  }

  private static int get(IrOp get, int slot, IrBlock block) {
    return block.emit(get, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, slot);
  }

  private static long immediate(Step step) {
    int choice = step.imm();
    return switch (step.op()) {
      case CONST -> CONSTANTS[choice % CONSTANTS.length];
      case GET -> StateSlot.x(register(choice));
      case PUTF -> StateSlot.f(register(step.result()));
      case AMO32, AMO64 -> choice % AmoKind.values().length;
      case TRAP -> choice % TrapKind.values().length;
      case COUNTER -> 0xc00 + choice % 3;
      case FENCE -> choice % 2;
      case LR32, LR64, SC32, SC64, ZERO_BLOCK -> 0;
      case EXIT_EQ, EXIT_NE, EXIT_LT, EXIT_GE, EXIT_LTU, EXIT_GEU -> 0x4000 + 2L * choice;
      case JUMP, CALL -> 0x4000 + 2L * choice;
      default -> {
        if (step.op().accessesMemory()) {
          yield choice - 20;
        }
        int roundingMode = choice % 6 == 5 ? 7 : choice % 6;
        yield step.op().effect() == IrOp.Effect.FLAGS ? roundingMode : 0;
      }
    };
  }
}
