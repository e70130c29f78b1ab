package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.*;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A loop in a loop, with branches, integer and float arithmetic and some memory accesses. Each
 * access has a pointer of its own that goes down with every execution, so that how the registers
 * are set decides which access fails first, and when.
 */
final class RandomLoop {
  /** Where pointers go down from, unless their access shall fail. */
  private static final long DATA_TOP = TestMemory.DATA + 0x400;

  /** What the accesses reach is below this many doublewords. */
  static final int DOUBLEWORDS = 0x600 / 8;

  /** Holds 1, which is stored where {@link #POLL} points each time a poll is asked for. */
  private static final int ONE = GP;

  private static final int POLL = TP;
  private static final int INNER = S11;
  private static final int OUTER = T6;
  private static final int FIRST_POINTER = S2;
  private static final int MOST_ACCESSES = S10 - S2 + 1;
  private static final int DOUBLEWORD = 8;
  private static final int DYNAMIC_ROUNDING = 7;
  private static final int MOST_OUTER = 6;
  private static final int MOST_INNER = 9;

  private static final List<Opcode> INTEGER =
      List.of(
          Opcode.ADD,
          Opcode.SUB,
          Opcode.XOR,
          Opcode.AND,
          Opcode.SLL,
          Opcode.SRA,
          Opcode.SLTU,
          Opcode.ADDW,
          Opcode.SUBW,
          Opcode.SLLW,
          Opcode.SRAW,
          Opcode.MULW,
          Opcode.DIVW,
          Opcode.REMUW,
          Opcode.MUL,
          Opcode.DIVU,
          Opcode.ADD_UW,
          Opcode.SH2ADD,
          Opcode.MAX,
          Opcode.RORW);

  private static final List<Opcode> IMMEDIATE =
      List.of(Opcode.ADDI, Opcode.XORI, Opcode.ANDI, Opcode.SLTI, Opcode.ADDIW);

  private static final List<Opcode> SHIFT =
      List.of(Opcode.SLLI, Opcode.SRAI, Opcode.SRLIW, Opcode.SLLIW, Opcode.SRAIW);

  private static final List<Opcode> ROUNDED =
      List.of(
          Opcode.FADD_D,
          Opcode.FSUB_D,
          Opcode.FMUL_D,
          Opcode.FDIV_D,
          Opcode.FADD_S,
          Opcode.FSUB_S,
          Opcode.FMUL_S,
          Opcode.FDIV_S);

  private static final List<Opcode> FUSED =
      List.of(Opcode.FMADD_D, Opcode.FNMSUB_D, Opcode.FMADD_S, Opcode.FMSUB_S);

  private static final List<Opcode> SIGN =
      List.of(Opcode.FSGNJ_D, Opcode.FSGNJN_D, Opcode.FSGNJ_S, Opcode.FSGNJX_S, Opcode.FMIN_S);

  private static final List<Opcode> COMPARE =
      List.of(Opcode.FEQ_D, Opcode.FLT_D, Opcode.FLE_S, Opcode.FEQ_S);

  private static final List<Opcode> TO_INTEGER = List.of(Opcode.FCVT_W_D, Opcode.FCVT_LU_S);

  private static final List<Opcode> TO_FLOAT =
      List.of(Opcode.FCVT_S_W, Opcode.FCVT_S_D, Opcode.FCVT_S_L);

  private static final List<Opcode> ACCESS =
      List.of(
          Opcode.LB,
          Opcode.LHU,
          Opcode.LW,
          Opcode.LWU,
          Opcode.LD,
          Opcode.SB,
          Opcode.SH,
          Opcode.SW,
          Opcode.SD);

  private static final List<Opcode> FLOAT_ACCESS =
      List.of(Opcode.FLW, Opcode.FLD, Opcode.FSW, Opcode.FSD);

  private static final List<Opcode> BRANCH =
      List.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  private final Random random;
  private final RiscvAssembler asm = new RiscvAssembler();
  private final Label end = new Label();

  /** The displacements of the accesses. */
  private final List<Integer> displacements = new ArrayList<>();

  private final long[] x = new long[32];
  private final long[] f = new long[32];
  private final int fcsr;

  RandomLoop(Random random) {
    this.random = random;
    write();
    for (int i = 1; i < x.length; i++) {
      x[i] = random.nextLong() >> random.nextInt(64);
      f[i] = bits();
    }
    fcsr = random.nextInt(4) << 5;
  }

  /** Its code, which ends with an ecall. */
  byte[] code() {
    return asm.bytes();
  }

  /** How many memory accesses it has. */
  int accesses() {
    return displacements.size();
  }

  /** A float register's or a doubleword's content, often a NaN of some kind. */
  private long bits() {
    return switch (random.nextInt(7)) {
      case 0 -> Double.doubleToRawLongBits(random.nextInt(-9, 9));
      case 1 -> 0x7ff0L << 48 | random.nextInt(2);
      case 2 -> 0xfff8L << 48 | random.nextInt();
      case 3 -> 0xffff_ffff_7fc0_0000L | random.nextInt(1 << 16);
      case 4 -> 0xffff_ffffL << 32 | Float.floatToRawIntBits(random.nextInt(-9, 9));
      case 5 -> 0xffff_ffffL << 32 | 0x7f80_0000L;
      default -> random.nextLong();
    };
  }

  /** Random content for {@link #DOUBLEWORDS} of memory. */
  long[] data() {
    return random.longs(DOUBLEWORDS).map(any -> bits()).toArray();
  }

  /**
   * Sets a hart's registers.
   *
   * @param failing the access that fails, -1 if none shall
   * @param executions how often it succeeds before
   * @param poll guest address to which 1 is stored now and then
   */
  void start(Registers hart, int failing, int executions, long poll) {
    for (int i = 1; i < x.length; i++) {
      hart.x(i, x[i]);
    }
    for (int i = 0; i < f.length; i++) {
      hart.f(i, f[i]);
    }
    for (int i = 0; i < displacements.size(); i++) {
      long first = i == failing ? TestMemory.DATA + DOUBLEWORD * (executions - 1L) : DATA_TOP;
      hart.x(FIRST_POINTER + i, first - displacements.get(i));
    }
    hart.x(ONE, 1);
    hart.x(POLL, poll);
    hart.fcsr(fcsr);
  }

  /** What is set at the start. */
  interface Registers {
    void x(int i, long value);

    void f(int i, long value);

    void fcsr(int value);
  }

  private void write() {
    asm.li(OUTER, random.nextInt(2, MOST_OUTER));
    Label outer = asm.here();
    statements();
    asm.li(INNER, random.nextInt(1, MOST_INNER));
    Label inner = asm.here();
    statements();
    asm.emit(Opcode.ADDI, INNER, INNER, -1).branch(Opcode.BNE, INNER, ZERO, inner);
    statements();
    asm.emit(Opcode.ADDI, OUTER, OUTER, -1).branch(Opcode.BNE, OUTER, ZERO, outer);
    asm.bind(end).emit(Opcode.ECALL);
  }

  private void statements() {
    for (int i = random.nextInt(2, 6); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0, 1 -> skip();
        case 2 -> asm.emit(Opcode.SB, ONE, 0, POLL);
        default -> straight();
      }
    }
    if (random.nextInt(8) == 0) {
      asm.branch(Opcode.BEQ, register(), register(), end);
    }
  }

  /** A branch around some statements, perhaps with others on its way. */
  private void skip() {
    Label otherwise = new Label();
    Label join = new Label();
    asm.branch(any(BRANCH), register(), random.nextInt(3) == 0 ? ZERO : register(), otherwise);
    straight();
    if (random.nextBoolean()) {
      asm.jump(join).bind(otherwise);
      straight();
      asm.bind(join);
    } else {
      asm.bind(otherwise);
    }
  }

  private void straight() {
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> integer();
        case 3, 4, 5 -> floating();
        default -> access();
      }
    }
  }

  private void integer() {
    switch (random.nextInt(4)) {
      case 0 -> asm.emit(any(IMMEDIATE), register(), register(), random.nextInt(-9, 9));
      case 1 -> asm.emit(any(SHIFT), register(), register(), random.nextInt(32));
      case 2 -> asm.emit(Opcode.ADDI, register(), ZERO, random.nextInt(-9, 9));
      default -> asm.emit(any(INTEGER), register(), register(), register());
    }
  }

  private void floating() {
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> asm.emit(any(ROUNDED), f(), f(), f(), DYNAMIC_ROUNDING);
      case 3 -> asm.emit(any(FUSED), f(), f(), f(), f(), DYNAMIC_ROUNDING);
      case 4 -> asm.emit(any(SIGN), f(), f(), f());
      case 5 -> asm.emit(any(COMPARE), register(), f(), f());
      case 6 -> asm.emit(any(TO_INTEGER), register(), f(), DYNAMIC_ROUNDING);
      case 7 -> {
        Opcode row = any(TO_FLOAT);
        asm.emit(row, f(), row == Opcode.FCVT_S_D ? f() : register(), DYNAMIC_ROUNDING);
      }
      default -> asm.emit(Opcode.FMV_X_D, register(), f());
    }
  }

  private void access() {
    if (displacements.size() == MOST_ACCESSES) {
      return;
    }
    int pointer = FIRST_POINTER + displacements.size();
    int displacement = random.nextInt(-2048, 2048);
    displacements.add(displacement);
    if (random.nextBoolean()) {
      asm.emit(any(ACCESS), register(), displacement, pointer);
    } else {
      asm.emit(any(FLOAT_ACCESS), f(), displacement, pointer);
    }
    asm.emit(Opcode.ADDI, pointer, pointer, -DOUBLEWORD);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Few, so that they are written and read often; some of them have no home in blocks. */
  private int register() {
    return random.nextInt(3) == 0 ? random.nextInt(T3, T6) : random.nextInt(T0, A7 + 1);
  }

  private int f() {
    return random.nextInt(12);
  }
}
