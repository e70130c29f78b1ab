package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.T3;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a loop stores is what it loads afterwards, though it has loaded from there before. */
class LoopMemoryTest {
  private static final int ROUNDS = 40;

  private static final long CONTENT = 0x8182_8384_8586_8788L;

  /**
   * Loads a doubleword before and after {@code store} changes all or a part of it, and once more
   * behind one of two stores on either side of a branch.
   */
  private static byte[] program(Opcode store) {
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

  private record Sums(long a0, long t3, long memory) {}

  private static Sums run(byte[] program, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      memory.write64(DATA, CONTENT);
      Hart hart = engine.newHart();
      hart.pc(CODE);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(
          options.regions() == EngineOptions.Regions.AT_ONCE, engine.stats().regions() > 0);
      return new Sums(hart.x(A0), hart.x(T3), memory.read64(DATA));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Opcode.class,
      names = {"SB", "SH", "SW", "SD", "AMOADD_D", "AMOSWAP_W"})
  void loadsSeeStores(Opcode store) {
    byte[] program = program(store);
    Sums expected = run(program, EngineOptions.DEFAULT.withTranslation(false));
    assertEquals(expected, run(program, EngineOptions.DEFAULT));
    assertEquals(
        expected, run(program, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE)));
  }
}
