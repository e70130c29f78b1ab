package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Registers;

/**
 * A run of a program to its ecall.
 *
 * @param state its integer registers and the first page of its data afterwards, as text
 * @param stats what the engine did for it
 */
record ProgramRun(String state, EngineStats stats) {
  private static final int COMPARED = 4096;

  static ProgramRun of(byte[] program, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      Hart hart = engine.newHart();
      hart.pc(CODE);
      hart.x(Registers.SP, DATA + TestMemory.DATA_SIZE);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      StringBuilder state = new StringBuilder();
      for (int i = 1; i < 32; i++) {
        state.append('x').append(i).append(' ').append(Long.toHexString(hart.x(i))).append('\n');
      }
      for (long at = DATA; at < DATA + COMPARED; at += Long.BYTES) {
        state.append(Long.toHexString(memory.read64(at))).append(' ');
      }
      return new ProgramRun(state.toString(), engine.stats());
    }
  }
}
