package dev.isomorph.translator.region;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.List;
import java.util.Random;

/** Loops of random float instructions, with loops and branches in them, for tests. */
public final class RandomFloatLoop {
  private static final List<Opcode> ARITHMETIC_D =
      List.of(Opcode.FADD_D, Opcode.FSUB_D, Opcode.FMUL_D, Opcode.FDIV_D);
  private static final List<Opcode> ARITHMETIC_S =
      List.of(Opcode.FADD_S, Opcode.FSUB_S, Opcode.FMUL_S, Opcode.FDIV_S);
  private static final List<Opcode> CHOICE_D =
      List.of(Opcode.FMIN_D, Opcode.FMAX_D, Opcode.FSGNJ_D, Opcode.FSGNJN_D, Opcode.FSGNJX_D);
  private static final List<Opcode> CHOICE_S =
      List.of(Opcode.FMIN_S, Opcode.FMAX_S, Opcode.FSGNJ_S, Opcode.FSGNJN_S, Opcode.FSGNJX_S);
  private static final List<Opcode> COMPARE_D = List.of(Opcode.FEQ_D, Opcode.FLT_D, Opcode.FLE_D);
  private static final List<Opcode> COMPARE_S = List.of(Opcode.FEQ_S, Opcode.FLT_S, Opcode.FLE_S);

  private static final List<Opcode> TO_INTEGER_D =
      List.of(Opcode.FCVT_W_D, Opcode.FCVT_WU_D, Opcode.FCVT_L_D, Opcode.FCVT_LU_D);
  private static final List<Opcode> TO_INTEGER_S =
      List.of(Opcode.FCVT_W_S, Opcode.FCVT_WU_S, Opcode.FCVT_L_S, Opcode.FCVT_LU_S);

  private static final int KINDS = 20;
  private static final int DOUBLES = 8;
  private static final int REGISTERS = 4;
  private static final int FIRST_INTEGER = 5;
  private static final int INTEGERS = 4;

  private final Random random;
  private final boolean mixes;
  private final RiscvAssembler code = new RiscvAssembler();

  private RandomFloatLoop(Random random, boolean mixes) {
    this.random = random;
    this.mixes = mixes;
  }

  /**
   * A loop of up to 24 instructions. Singles are in the first eight float registers, doubles in the
   * next; register 2 is an address that may be accessed.
   *
   * @param mixes whether now and then a register has the other kind
   */
  public static RiscvAssembler of(Random random, boolean mixes) {
    return new RandomFloatLoop(random, mixes).make();
  }

  private RiscvAssembler make() {
    int instructions = 3 + random.nextInt(22);
    RiscvAssembler.Label[] labels = new RiscvAssembler.Label[instructions + 1];
    for (int i = 0; i <= instructions; i++) {
      labels[i] = new RiscvAssembler.Label();
    }
    for (int i = 0; i < instructions; i++) {
      code.bind(labels[i]);
      if (random.nextInt(6) == 0) {
        int near = Math.min(instructions, i + 1 + random.nextInt(3));
        int to = random.nextInt(3) == 0 ? random.nextInt(instructions) : near;
        boolean compares = random.nextBoolean();
        int one = x();
        if (compares) {
          boolean isDouble = random.nextBoolean();
          emit(isDouble ? COMPARE_D : COMPARE_S, one, f(isDouble), f(isDouble));
        }
        code.branch(
            random.nextBoolean() ? Opcode.BEQ : Opcode.BNE, one, compares ? 0 : x(), labels[to]);
      } else {
        emit(random.nextBoolean());
      }
    }
    code.bind(labels[instructions]);
    return code.branch(Opcode.BNE, FIRST_INTEGER, FIRST_INTEGER + 1, labels[0]).ret();
  }

  private void emit(boolean isDouble) {
    int d = f(isDouble);
    int s = f(isDouble);
    switch (random.nextInt(KINDS)) {
      case 0, 1, 2, 3, 4 -> {
        // By the dynamic rounding mode it is never left to the evaluator.
        int rounding = random.nextInt(4) == 0 ? 0 : 7;
        emit(isDouble ? ARITHMETIC_D : ARITHMETIC_S, d, s, f(isDouble), rounding);
      }
      case 5, 6 -> emit(isDouble ? CHOICE_D : CHOICE_S, d, s, f(isDouble));
      case 7 -> code.emit(isDouble ? Opcode.FSGNJ_D : Opcode.FSGNJ_S, d, s, s);
      case 8 -> emit(isDouble ? COMPARE_D : COMPARE_S, x(), s, f(isDouble));
      case 9 ->
          code.emit(isDouble ? Opcode.FMADD_D : Opcode.FMADD_S, d, s, f(isDouble), f(isDouble), 0);
      case 10 -> code.emit(isDouble ? Opcode.FCVT_D_S : Opcode.FCVT_S_D, d, f(!isDouble), 0);
      case 11 -> code.emit(isDouble ? Opcode.FMV_X_D : Opcode.FMV_X_W, x(), s);
      case 12 -> code.emit(isDouble ? Opcode.FCVT_D_W : Opcode.FCVT_S_W, d, x(), 0);
      case 13 -> emit(isDouble ? TO_INTEGER_D : TO_INTEGER_S, x(), s, 0);
      case 14 -> {
        // What comes by way of integers may be of either kind.
        Opcode toFloat = isDouble ? Opcode.FCVT_D_L : Opcode.FCVT_S_L;
        if (mixes) {
          code.emit(isDouble ? Opcode.FMV_D_X : Opcode.FMV_W_X, d, x());
        } else {
          code.emit(toFloat, d, x(), 0);
        }
      }
      case 15 -> code.emit(isDouble ? Opcode.FSQRT_D : Opcode.FSQRT_S, d, s, 0);
      case 16 -> code.emit(isDouble ? Opcode.FCLASS_D : Opcode.FCLASS_S, x(), s);
      case 17, 18 -> code.emit(isDouble ? Opcode.FLD : Opcode.FLW, d, 8 * random.nextInt(4), 2);
      default -> code.emit(isDouble ? Opcode.FSD : Opcode.FSW, s, 8 * random.nextInt(4), 2);
    }
  }

  private void emit(List<Opcode> any, long... operands) {
    code.emit(any.get(random.nextInt(any.size())), operands);
  }

  private int x() {
    return FIRST_INTEGER + random.nextInt(INTEGERS);
  }

  private int f(boolean isDouble) {
    boolean isOther = mixes && random.nextInt(8) == 0;
    return random.nextInt(REGISTERS) + (isDouble != isOther ? DOUBLES : 0);
  }
}
