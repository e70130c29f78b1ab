package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.T3;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Code that is changed or taken away is not run any more, by whatever way it is reached. */
class CodeChangeTest {
  private static final int SIGSEGV = 11;

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT);

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private static void run(Hart hart) {
    hart.pc(CODE);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  /** Only the upper half of the instruction changes; the block it is in is entered each time. */
  @Test
  void fenceIMakesNewCodeVisible() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label patched = new RiscvAssembler.Label();
    a.li(A2, 3).li(T1, 0x06450513L).li(T3, 1 << 20).la(T0, patched); // addi a0, a0, 100
    RiscvAssembler.Label loop = a.here();
    a.bind(patched).emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.SW, T1, 0, T0);
    a.emit(Opcode.FENCE_I);
    a.emit(Opcode.ADD, T1, T1, T3);
    a.emit(Opcode.ADDI, A2, A2, -1);
    a.branch(Opcode.BNE, A2, 0, loop);
    a.emit(Opcode.ECALL);
    memory.code(a.bytes());
    try (Hart hart = engine.newHart()) {
      run(hart);
      assertEquals(1 + 100 + 101, hart.x(A0));
    }
  }

  private static byte[] addition(int n) {
    return new RiscvAssembler().emit(Opcode.ADDI, A0, A0, n).emit(Opcode.ECALL).bytes();
  }

  /** An addition that is jumped to through the jump cache, if a1 holds its address. */
  private static byte[] jumpToAddition(int n) {
    RiscvAssembler a = new RiscvAssembler();
    return a.emit(Opcode.JALR, 0, 0, A1).emit(Opcode.ADDI, A0, A0, n).emit(Opcode.ECALL).bytes();
  }

  @Test
  void allHartsForgetCodeThatHasChanged() {
    try (Hart one = engine.newHart();
        Hart other = engine.newHart()) {
      byte[] old = jumpToAddition(1);
      memory.code(old);
      one.x(A1, CODE + 4);
      other.x(A1, CODE + 4);
      run(one);
      run(other);
      memory.code(jumpToAddition(100));
      engine.flushCode(CODE, CODE + old.length);
      run(one);
      run(other);
      assertEquals(101, one.x(A0));
      assertEquals(101, other.x(A0));
    }
  }

  @Test
  void codeThatMayNotBeExecutedAnyMoreIsForgotten() {
    try (Hart hart = engine.newHart()) {
      byte[] code = addition(1);
      memory.code(code);
      run(hart);
      memory.forbidExecution();
      engine.flushCode(CODE, CODE + code.length);
      hart.pc(CODE);
      assertEquals(new Stop.MemoryFault(CODE, Stop.Access.EXECUTE, SIGSEGV), hart.run());
    }
  }
}
