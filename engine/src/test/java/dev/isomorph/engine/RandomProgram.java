package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.*;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.List;
import java.util.Random;

/**
 * Makes programs that end: functions that call only later ones, loops that count down, branches,
 * indirect jumps, loads and stores in one page, everything else random.
 */
final class RandomProgram {
  private static final int FUNCTIONS = 8;
  private static final int MAX_DEPTH = 3;

  /** Not touched by random instructions: link, stack, data pointer, address, loop counters. */
  private static final List<Integer> RESERVED = List.of(ZERO, RA, SP, GP, TP, S9, S10, S11, T6);

  private static final List<Opcode> REGISTER_OPS =
      List.of(
          Opcode.ADD,
          Opcode.SUB,
          Opcode.XOR,
          Opcode.OR,
          Opcode.AND,
          Opcode.SLL,
          Opcode.SRL,
          Opcode.SRA,
          Opcode.SLT,
          Opcode.SLTU,
          Opcode.ADDW,
          Opcode.SUBW,
          Opcode.SLLW,
          Opcode.SRLW,
          Opcode.SRAW,
          Opcode.MUL,
          Opcode.MULH,
          Opcode.MULHSU,
          Opcode.MULHU,
          Opcode.DIV,
          Opcode.DIVU,
          Opcode.REM,
          Opcode.REMU,
          Opcode.MULW,
          Opcode.DIVW,
          Opcode.DIVUW,
          Opcode.REMW,
          Opcode.REMUW,
          Opcode.SH1ADD,
          Opcode.SH3ADD,
          Opcode.ADD_UW,
          Opcode.ANDN,
          Opcode.MIN,
          Opcode.MAXU,
          Opcode.ROL,
          Opcode.RORW,
          Opcode.CZERO_EQZ,
          Opcode.CZERO_NEZ,
          Opcode.BSET,
          Opcode.BEXT,
          Opcode.CLMULH);

  private static final List<Opcode> IMMEDIATE_OPS =
      List.of(
          Opcode.ADDI,
          Opcode.XORI,
          Opcode.ORI,
          Opcode.ANDI,
          Opcode.SLTI,
          Opcode.SLTIU,
          Opcode.ADDIW);

  private static final List<Opcode> SHIFT_OPS =
      List.of(
          Opcode.SLLI,
          Opcode.SRLI,
          Opcode.SRAI,
          Opcode.RORI,
          Opcode.SLLIW,
          Opcode.SRLIW,
          Opcode.SRAIW,
          Opcode.RORIW);

  private static final List<Opcode> LOADS =
      List.of(
          Opcode.LB,
          Opcode.LBU,
          Opcode.LH,
          Opcode.LHU,
          Opcode.LW,
          Opcode.LWU,
          Opcode.LD,
          Opcode.SB,
          Opcode.SH,
          Opcode.SW,
          Opcode.SD);

  private static final List<Opcode> BRANCHES =
      List.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  private final Random random;
  private final RiscvAssembler asm = new RiscvAssembler();
  private final Label[] functions = new Label[FUNCTIONS];

  private RandomProgram(Random random) {
    this.random = random;
  }

  /** A program to be run from its first byte, with sp in writable memory; it ends with an ecall. */
  static byte[] of(Random random) {
    RandomProgram program = new RandomProgram(random);
    program.write();
    return program.asm.bytes();
  }

  private void write() {
    for (int i = 0; i < FUNCTIONS; i++) {
      functions[i] = new Label();
    }
    asm.li(GP, TestMemory.DATA);
    for (int x = T0; x < T6; x++) {
      if (!RESERVED.contains(x)) {
        asm.li(x, random.nextLong() >> random.nextInt(64));
      }
    }
    asm.call(functions[0]).emit(Opcode.ECALL);
    for (int i = 0; i < FUNCTIONS; i++) {
      function(i);
    }
  }

  private void function(int index) {
    asm.bind(functions[index]);
    asm.emit(Opcode.ADDI, SP, SP, -32).emit(Opcode.SD, RA, 0, SP);
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      asm.emit(Opcode.SD, S9 + depth, 8 + 8 * depth, SP);
    }
    statements(index, 0);
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      asm.emit(Opcode.LD, S9 + depth, 8 + 8 * depth, SP);
    }
    asm.emit(Opcode.LD, RA, 0, SP).emit(Opcode.ADDI, SP, SP, 32).ret();
  }

  private void statements(int function, int depth) {
    for (int i = random.nextInt(2, 7); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> loop(function, depth);
        case 1, 2 -> branch(function, depth);
        case 3 -> call(function, depth);
        default -> straight(random.nextInt(1, 8));
      }
    }
  }

  private void loop(int function, int depth) {
    if (depth == MAX_DEPTH) {
      return;
    }
    int counter = S9 + depth;
    asm.li(counter, random.nextInt(1, 4));
    Label loop = asm.here();
    statements(function, depth + 1);
    asm.emit(Opcode.ADDI, counter, counter, -1);
    Label out = new Label();
    asm.branch(Opcode.BEQ, counter, ZERO, out).jump(loop).bind(out);
  }

  private void branch(int function, int depth) {
    Label otherwise = new Label();
    Label end = new Label();
    asm.branch(any(BRANCHES), register(), random.nextInt(4) == 0 ? ZERO : register(), otherwise);
    straight(random.nextInt(3));
    if (random.nextBoolean() && depth < MAX_DEPTH) {
      statements(function, MAX_DEPTH);
    }
    asm.jump(end).bind(otherwise);
    straight(random.nextInt(5));
    asm.bind(end);
  }

  /** A direct call, one through a register, or a jump to the function's end through one. */
  private void call(int function, int depth) {
    // Calls in nested loops would make the program's time explode.
    if (function + 1 >= FUNCTIONS || depth == MAX_DEPTH) {
      return;
    }
    Label callee = functions[random.nextInt(function + 1, FUNCTIONS)];
    if (random.nextBoolean()) {
      asm.call(callee);
    } else {
      asm.la(T6, callee).emit(Opcode.JALR, RA, 0, T6);
    }
  }

  private void straight(int count) {
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(10)) {
        case 0, 1 ->
            asm.emit(any(IMMEDIATE_OPS), register(), register(), random.nextInt(-2048, 2048));
        case 2, 3 -> asm.emit(any(SHIFT_OPS), register(), register(), random.nextInt(32));
        case 4 -> asm.emit(Opcode.LUI, register(), random.nextInt(-1 << 19, 1 << 19));
        case 5, 6 -> memory();
        default -> asm.emit(any(REGISTER_OPS), register(), register(), register());
      }
    }
  }

  private void memory() {
    // [gp + (x & 2040)], of which the page holds more than any displacement reaches beyond.
    asm.emit(Opcode.ANDI, T6, register(), 2040).emit(Opcode.ADD, T6, T6, GP);
    asm.emit(any(LOADS), register(), random.nextInt(2000), T6);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int register() {
    int x = random.nextInt(T0, T6);
    return RESERVED.contains(x) ? register() : x;
  }
}
