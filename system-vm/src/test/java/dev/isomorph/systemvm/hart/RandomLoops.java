package dev.isomorph.systemvm.hart;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T5;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Hot loops that walk through memory: by pointers that stay, go by steps or jump, by indices, by
 * pointers that are loaded, with stores behind loads and atomic operations in between. Each counts
 * t0 down to zero and calls its environment; any access may fault.
 */
final class RandomLoops {
  /** Registers that hold addresses. */
  static final int[] POINTERS = {18, 19, 20, 21, 22, 23};

  private static final int[] VALUES = {6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29};
  private static final int COUNTER = 24;

  /** Registers with the size of a window less one, and the address of one that is aligned. */
  static final int MASK = 26;

  static final int BASE = 27;

  private static final List<Opcode> LOADS = List.of(LB, LBU, LH, LHU, LW, LWU, LD, LD, LD);
  private static final List<Opcode> STORES = List.of(SB, SH, SW, SD, SD);
  private static final List<Opcode> SUMS = List.of(ADD, XOR, SUB, MUL, OR, ADDW, SLTU);
  private static final List<Opcode> ATOMICS = List.of(AMOADD_D, AMOSWAP_W, AMOMAXU_D, AMOAND_W);
  private static final int[] STEPS = {0, 0, 8, 8, 1, -8, -1, 4, 16, 64, -64, 72, 512, -2040};
  private static final int[] SHORT_STEPS = {0, 8, -8, 24, 1, -16, 200};
  private static final int LONGEST = 9;

  private final Random random;
  private final RiscvAssembler code = new RiscvAssembler();
  private final List<Integer> starts = new ArrayList<>();

  RandomLoops(Random random, int count) {
    this.random = random;
    for (int i = 0; i < count; i++) {
      starts.add(code.offset());
      loop();
    }
  }

  byte[] code() {
    return code.bytes();
  }

  /** Where the loops begin, from the first byte of the code. */
  List<Integer> starts() {
    return starts;
  }

  private void loop() {
    Label top = code.here();
    int statements = 2 + random.nextInt(LONGEST);
    for (int i = 0; i < statements; i++) {
      statement();
    }
    for (int pointer : POINTERS) {
      if (random.nextInt(3) > 0) {
        code.emit(ADDI, pointer, pointer, any(STEPS));
      }
    }
    if (random.nextBoolean()) {
      int pointer = any(POINTERS);
      code.emit(AND, pointer, pointer, MASK).emit(OR, pointer, pointer, BASE);
    }
    Label out = new Label();
    code.emit(ADDI, T0, T0, -1).branch(BEQ, T0, 0, out).jump(top).bind(out).emit(ECALL);
  }

  private void statement() {
    int value = any(VALUES);
    switch (random.nextInt(18)) {
      case 0, 1, 2, 3 -> code.emit(any(LOADS), value, displacement(), any(POINTERS));
      case 4, 5, 6 -> code.emit(any(STORES), value, displacement(), any(POINTERS));
      case 7 -> index(value);
      case 8 -> change(value);
      case 9 -> follow(value);
      case 10 -> branch(value);
      case 11 -> atomic(value);
      case 12 -> jumpToAnotherPage();
      case 13, 14, 15 -> innerLoop();
      default -> code.emit(any(SUMS), value, any(VALUES), any(VALUES));
    }
  }

  private void index(int value) {
    code.emit(ANDI, T5, value, any(new int[] {0xff, 0x7ff, 0x3f}));
    code.emit(SLLI, T5, T5, random.nextInt(4)).emit(ADD, T5, T5, any(POINTERS));
    code.emit(any(LOADS), any(VALUES), 8 * random.nextInt(2), T5);
  }

  /** Loads, and stores to the same address. */
  private void change(int value) {
    int pointer = any(POINTERS);
    int displacement = displacement();
    code.emit(LD, value, displacement, pointer).emit(XOR, value, value, T0);
    code.emit(random.nextBoolean() ? SD : SW, value, displacement, pointer);
  }

  /** Goes where memory says. */
  private void follow(int value) {
    code.emit(LD, T5, 8 * random.nextInt(16), any(POINTERS));
    if (random.nextBoolean()) {
      code.emit(LD, T5, 0, T5);
    }
    code.emit(any(LOADS), value, 0, T5);
    if (random.nextInt(4) == 0) {
      code.emit(ADDI, any(POINTERS), T5, 0);
    }
  }

  private void branch(int value) {
    Label behind = new Label();
    code.emit(ANDI, T5, value, any(new int[] {1, 3, 7}));
    code.branch(random.nextBoolean() ? BEQ : BNE, T5, 0, behind);
    code.emit(any(LOADS), any(VALUES), displacement(), any(POINTERS));
    code.emit(any(STORES), any(VALUES), displacement(), any(POINTERS)).bind(behind);
  }

  private void atomic(int value) {
    code.emit(ANDI, T5, any(POINTERS), -8);
    code.emit(any(ATOMICS), value, any(VALUES), T5);
  }

  /** Now and then. */
  private void jumpToAnotherPage() {
    int pointer = any(POINTERS);
    code.emit(ANDI, T5, T0, any(new int[] {7, 31, 63})).emit(SLTIU, T5, T5, 1);
    code.emit(SLLI, T5, T5, 9 + random.nextInt(4)).emit(ADD, pointer, pointer, T5);
  }

  private void innerLoop() {
    int pointer = any(POINTERS);
    code.emit(ADDI, COUNTER, 0, 2 + random.nextInt(7));
    Label top = code.here();
    code.emit(any(LOADS), any(VALUES), displacement(), pointer);
    code.emit(ADDI, pointer, pointer, any(SHORT_STEPS)).emit(ADDI, COUNTER, COUNTER, -1);
    code.branch(BNE, COUNTER, 0, top);
  }

  private int displacement() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(80) - 40;
      case 1 -> random.nextInt(1200) - 600;
      case 2 -> random.nextInt(4096) - 2048;
      default -> 8 * (random.nextInt(4) - 1);
    };
  }

  private int any(int[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
