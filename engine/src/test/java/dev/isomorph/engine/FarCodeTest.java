package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.RA;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.FAR_CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Addresses that differ in the upper half only are told apart. */
class FarCodeTest {
  /** Runs a program that is there twice, made from 1 in the lower place, from 100 in the upper. */
  private static long a0After(IntFunction<byte[]> program) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      memory.code(program.apply(1));
      memory.farCode(program.apply(100));
      hart.x(T1, FAR_CODE - CODE);
      // The second time all jumps are linked.
      for (int i = 0; i < 2; i++) {
        hart.x(A0, 0);
        hart.x(A1, CODE + 4);
        hart.x(A2, 2);
        hart.pc(CODE);
        assertInstanceOf(Stop.SystemCall.class, hart.run());
      }
      return hart.x(A0);
    }
  }

  @Test
  void returns() {
    assertEquals(
        100,
        a0After(
            n -> {
              RiscvAssembler a = new RiscvAssembler();
              RiscvAssembler.Label function = new RiscvAssembler.Label();
              a.call(function).emit(Opcode.ADDI, A0, A0, n).emit(Opcode.ECALL);
              a.bind(function).emit(Opcode.ADD, RA, RA, T1).ret();
              return a.bytes();
            }));
  }

  @Test
  void indirectJumps() {
    assertEquals(
        101,
        a0After(
            n -> {
              RiscvAssembler a = new RiscvAssembler();
              RiscvAssembler.Label end = new RiscvAssembler.Label();
              a.emit(Opcode.JALR, 0, 0, A1);
              a.emit(Opcode.ADDI, A0, A0, n).emit(Opcode.ADD, A1, A1, T1);
              a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BEQ, A2, 0, end);
              a.emit(Opcode.JALR, 0, 0, A1);
              return a.bind(end).emit(Opcode.ECALL).bytes();
            }));
  }

  /** A store-conditional where the other place holds what was loaded. */
  @Test
  void reservations() {
    long place = 0x800;
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      memory.code(
          new RiscvAssembler()
              .emit(Opcode.LR_D, T1, A1)
              .emit(Opcode.SC_D, A0, A1, A2)
              .emit(Opcode.ECALL)
              .bytes());
      hart.x(A1, FAR_CODE + place);
      hart.x(A2, CODE + place);
      hart.pc(CODE);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(1, hart.x(A0));
      assertEquals(0, memory.read64(CODE + place));
    }
  }
}
