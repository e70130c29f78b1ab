package dev.isomorph.translator.region;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.List;
import java.util.Random;

/** Loops of random integer instructions that branch to each other at random, for tests. */
public final class RandomLoop {
  private static final List<Opcode> TWO =
      List.of(
          Opcode.ADD,
          Opcode.XOR,
          Opcode.SUB,
          Opcode.AND,
          Opcode.ADDW,
          Opcode.SUBW,
          Opcode.MUL,
          Opcode.MULW,
          Opcode.MULHU,
          Opcode.SH1ADD,
          Opcode.ADD_UW,
          Opcode.SLTU,
          Opcode.SLT,
          Opcode.SLL,
          Opcode.SRAW,
          Opcode.DIV,
          Opcode.REM,
          Opcode.DIVU,
          Opcode.REMU,
          Opcode.DIVW,
          Opcode.REMW,
          Opcode.DIVUW,
          Opcode.REMUW);
  private static final List<Opcode> IMMEDIATE =
      List.of(Opcode.ADDI, Opcode.ADDIW, Opcode.ANDI, Opcode.XORI, Opcode.SLTIU);
  private static final List<Opcode> ACCESS =
      List.of(
          Opcode.LD,
          Opcode.LW,
          Opcode.LWU,
          Opcode.LBU,
          Opcode.LH,
          Opcode.SD,
          Opcode.SW,
          Opcode.SH,
          Opcode.SB);
  private static final List<Opcode> BRANCH =
      List.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  /** Most branches skip so few instructions. */
  private static final int SHORT = 3;

  private RandomLoop() {}

  /** A loop of up to 24 instructions; register 2 is an address that may be accessed. */
  public static RiscvAssembler of(Random random) {
    return of(random, true);
  }

  /** The same without any branch backwards. */
  public static RiscvAssembler forwards(Random random) {
    return of(random, false);
  }

  private static RiscvAssembler of(Random random, boolean loops) {
    int instructions = 3 + random.nextInt(22);
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label[] labels = new RiscvAssembler.Label[instructions + 1];
    for (int i = 0; i <= instructions; i++) {
      labels[i] = new RiscvAssembler.Label();
    }
    // Few registers meet often.
    int registers = random.nextBoolean() ? 6 : 20;
    for (int i = 0; i < instructions; i++) {
      a.bind(labels[i]);
      int d = 3 + random.nextInt(registers);
      int s = 3 + random.nextInt(registers);
      int t = random.nextInt(8) == 0 ? 0 : 3 + random.nextInt(registers);
      switch (random.nextInt(11)) {
        case 0, 1 -> {
          int near = Math.min(instructions, i + 1 + random.nextInt(SHORT));
          int to = loops && random.nextInt(4) == 0 ? random.nextInt(instructions) : near;
          a.branch(any(random, BRANCH), s, t, labels[to]);
        }
        case 2, 3, 4 -> a.emit(any(random, TWO), d, s, t);
        case 5 -> a.emit(any(random, IMMEDIATE), d, s, random.nextInt(7) - 3);
        case 6 -> a.emit(Opcode.ADDI, d, 0, random.nextInt(11) - 2);
        case 7 -> a.emit(random.nextBoolean() ? Opcode.SLLI : Opcode.SRLI, d, s, shift(random));
        case 8 -> diamond(random, a, registers);
        default -> {
          int base = random.nextInt(8) == 0 ? s : 2;
          a.emit(any(random, ACCESS), d, 4 * random.nextInt(5), base);
        }
      }
    }
    a.bind(labels[instructions]);
    return loops ? a.branch(Opcode.BNE, 3, 4, labels[0]).ret() : a.ret();
  }

  /** A branch with two sides that meet again. */
  private static void diamond(Random random, RiscvAssembler a, int registers) {
    RiscvAssembler.Label otherwise = new RiscvAssembler.Label();
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    int s = 3 + random.nextInt(registers);
    a.branch(any(random, BRANCH), s, 3 + random.nextInt(registers), otherwise);
    side(random, a, registers);
    a.jump(join).bind(otherwise);
    side(random, a, registers);
    a.bind(join);
  }

  private static void side(Random random, RiscvAssembler a, int registers) {
    for (int i = random.nextInt(3); i > 0; i--) {
      int s = 3 + random.nextInt(registers);
      a.emit(Opcode.ADDI, 3 + random.nextInt(registers), s, random.nextInt(5));
    }
  }

  private static int shift(Random random) {
    return random.nextBoolean() ? 32 : 1 + random.nextInt(63);
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
