package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.T3;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that are compiled as a whole do what the evaluator does. */
class LoopSemanticsTest {
  private static final int ROUNDS = 40;
  private static final int FS1 = 9;
  private static final int DYNAMIC_ROUNDING = 7;

  private static final long CONTENT = 0x8182_8384_8586_8788L;

  /**
   * Loads a doubleword before and after {@code store} changes all or a part of it, and once more
   * behind one of two stores on either side of a branch.
   */
  private static byte[] storing(Opcode store) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label odd = new RiscvAssembler.Label();
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    a.li(S1, DATA).li(T1, ROUNDS);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.LD, T0, 0, S1).emit(Opcode.ADD, A0, A0, T0);
    a.emit(Opcode.ADDI, T0, T0, 0x77);
    // Atomic operations have a register where stores have a displacement.
    a.emit(store, T0, store.extension() == Extension.A ? T0 : 0, S1);
    a.emit(Opcode.LD, T0, 0, S1).emit(Opcode.ADD, A0, A0, T0);
    a.emit(Opcode.ANDI, T0, T1, 1).branch(Opcode.BNE, T0, ZERO, odd);
    a.emit(Opcode.SD, T1, 0, S1).jump(next);
    a.bind(odd).emit(Opcode.SD, A0, 0, S1);
    a.bind(next).emit(Opcode.LD, T0, 0, S1).emit(Opcode.XOR, T3, T3, T0);
    a.emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, ZERO, loop);
    return a.emit(Opcode.ECALL).bytes();
  }

  /** The registers x1 to x31 and f0 to f31, and a doubleword. */
  private static long[] run(byte[] program, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      memory.write64(DATA, CONTENT);
      Hart hart = engine.newHart();
      hart.pc(CODE);
      for (int i = 1; i < 32; i++) {
        hart.x(i, i);
        hart.f(i, Double.doubleToRawLongBits(i));
      }
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(
          options.regions() == EngineOptions.Regions.AT_ONCE, engine.stats().regions() > 0);
      long[] state = new long[65];
      for (int i = 0; i < 32; i++) {
        state[i] = hart.x(i);
        state[32 + i] = hart.f(i);
      }
      state[64] = memory.read64(DATA);
      return state;
    }
  }

  private static void assertAlike(byte[] program) {
    long[] expected = run(program, EngineOptions.DEFAULT.withTranslation(false));
    assertArrayEquals(expected, run(program, EngineOptions.DEFAULT));
    assertArrayEquals(
        expected, run(program, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Opcode.class,
      names = {"SB", "SH", "SW", "SD", "AMOADD_D", "AMOSWAP_W"})
  void loadsSeeStores(Opcode store) {
    assertAlike(storing(store));
  }

  /** What registers hold goes round: each takes over another's value, which is needed, too. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8})
  void registersChangePlaces(int count) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label skip = new RiscvAssembler.Label();
    a.li(T1, ROUNDS);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, S1, S1, A0).emit(Opcode.FADD_D, FS1, FS1, A0, DYNAMIC_ROUNDING);
    rotate(a, count);
    a.emit(Opcode.ANDI, T0, T1, 2).branch(Opcode.BEQ, T0, ZERO, skip);
    rotate(a, 2);
    a.bind(skip);
    a.emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, ZERO, loop);
    assertAlike(a.emit(Opcode.ECALL).bytes());
  }

  /** Of the integer registers from a0 on and of the float registers of these numbers. */
  private static void rotate(RiscvAssembler a, int count) {
    a.emit(Opcode.ADDI, T3, A0, 0).emit(Opcode.FSGNJ_D, T3, A0, A0);
    for (int to = A0; to < A0 + count; to++) {
      int from = to + 1 < A0 + count ? to + 1 : T3;
      a.emit(Opcode.ADDI, to, from, 0).emit(Opcode.FSGNJ_D, to, from, from);
    }
  }
}
