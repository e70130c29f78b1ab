package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Returns that do not go where the return stack says, and return stacks that run full. */
class ReturnPredictionTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;

  private final TestMemory memory = new TestMemory();
  private Engine engine;
  private Hart hart;

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private void run(RiscvAssembler program, EngineOptions options) {
    memory.code(program.bytes());
    engine = new Engine(memory, options);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.x(SP, DATA + TestMemory.DATA_SIZE);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  /** Counts down by calls, keeping the return addresses in the guest's stack; a0 counts returns. */
  private static RiscvAssembler recursion(int depth) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label down = new RiscvAssembler.Label();
    RiscvAssembler.Label recurse = new RiscvAssembler.Label();
    a.li(A1, depth).call(down).emit(Opcode.ECALL);
    a.bind(down).branch(Opcode.BNE, A1, 0, recurse).ret();
    a.bind(recurse);
    a.emit(Opcode.ADDI, SP, SP, -8).emit(Opcode.SD, RA, 0, SP);
    a.emit(Opcode.ADDI, A1, A1, -1).call(down);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.LD, RA, 0, SP).emit(Opcode.ADDI, SP, SP, 8);
    a.ret();
    return a;
  }

  @Test
  void recursionDeeperThanTheReturnStack() {
    int depth = TestMemory.DATA_SIZE / 8;
    run(recursion(depth), EngineOptions.DEFAULT);
    assertEquals(depth, hart.x(A0));
    assertEquals(DATA + TestMemory.DATA_SIZE, hart.x(SP));
    assertTrue(engine.stats().dispatches() < 50, "dispatches " + engine.stats().dispatches());
  }

  @Test
  void recursionWithoutEndDoesNotOverrunTheHostStack() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label down = new RiscvAssembler.Label();
    RiscvAssembler.Label done = new RiscvAssembler.Label();
    a.li(A1, 3_000_000);
    a.bind(down);
    a.emit(Opcode.ADDI, A1, A1, -1).branch(Opcode.BEQ, A1, 0, done).call(down);
    a.bind(done).emit(Opcode.ECALL);
    run(a, EngineOptions.DEFAULT);
    assertEquals(0, hart.x(A1));
  }

  /** A return past several frames, as longjmp does it, and then a return of the outermost. */
  @Test
  void returnsThatSkipFrames() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = new RiscvAssembler.Label();
    RiscvAssembler.Label middle = new RiscvAssembler.Label();
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    a.li(T1, 100);
    RiscvAssembler.Label loop = a.here();
    a.call(outer);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(outer).emit(Opcode.ADDI, S1, RA, 0).call(middle);
    a.emit(Opcode.ADDI, A0, A0, 1000).emit(Opcode.JALR, 0, 0, S1);
    a.bind(middle).call(inner).emit(Opcode.EBREAK);
    a.bind(inner).emit(Opcode.ADDI, RA, S1, 0).ret();
    run(a, EngineOptions.DEFAULT);
    assertEquals(100, hart.x(A0));
  }

  /**
   * The host returns behind the inner call, the guest to what the function says: behind another
   * call, behind its own with bit 0 set, or to where no call is.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void returnsElsewhere(int where) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = new RiscvAssembler.Label();
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    RiscvAssembler.Label plain = new RiscvAssembler.Label();
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    a.li(T1, 100);
    RiscvAssembler.Label loop = a.here();
    a.call(outer).emit(Opcode.ADDI, A0, A0, 1);
    a.bind(next).emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(plain).emit(Opcode.ADDI, A0, A0, 100).jump(next);
    a.bind(outer).emit(Opcode.ADDI, S1, RA, 0).call(inner);
    a.emit(Opcode.ADDI, A0, A0, 10).emit(Opcode.JALR, 0, 0, S1);
    a.bind(inner).emit(Opcode.ADDI, A1, A1, 1);
    switch (where) {
      case 0 -> a.emit(Opcode.ADDI, RA, S1, 0);
      case 1 -> a.emit(Opcode.ADDI, RA, RA, 1);
      default -> a.la(RA, plain);
    }
    a.ret();
    run(a, EngineOptions.DEFAULT);
    assertEquals(new int[] {100, 1100, 10000}[where], hart.x(A0));
    assertEquals(100, hart.x(A1));
  }

  /** Calls ahead and returns alone are no loop, but who asks is heard at each call. */
  @Test
  void stopsAtACallAhead() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label function = new RiscvAssembler.Label();
    a.call(function).emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ECALL);
    a.bind(function).emit(Opcode.ADDI, A0, A0, 10).ret();
    run(a, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.NEVER));
    assertEquals(11, hart.x(A0));
    for (int i = 0; i < 3; i++) {
      hart.pc(CODE);
      hart.x(A0, 0);
      hart.requestPoll();
      assertInstanceOf(Stop.Polled.class, hart.run());
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(11, hart.x(A0));
    }
  }

  @Test
  void aReturnWithoutACall() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label there = new RiscvAssembler.Label();
    a.la(RA, there).ret().emit(Opcode.EBREAK);
    a.bind(there).li(A0, 7).emit(Opcode.ECALL);
    run(a, EngineOptions.DEFAULT);
    assertEquals(7, hart.x(A0));
  }

  /** Two routines that call each other where they left off, through t0. */
  @Test
  void coroutines() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label other = new RiscvAssembler.Label();
    RiscvAssembler.Label done = new RiscvAssembler.Label();
    a.li(T1, 500).la(RA, other);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.JALR, RA, 0, RA);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, 0, loop);
    a.jump(done);
    a.bind(other);
    RiscvAssembler.Label again = a.here();
    a.emit(Opcode.ADDI, A1, A1, 1).emit(Opcode.JALR, RA, 0, RA).jump(again);
    a.bind(done).emit(Opcode.ECALL);
    run(a, EngineOptions.DEFAULT);
    assertEquals(500, hart.x(A0));
    assertEquals(500, hart.x(A1));
  }

  /** The address pushed by a call is dropped when a system call comes between. */
  @Test
  void returnsAcrossAStop() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label function = new RiscvAssembler.Label();
    a.call(function).emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ECALL);
    a.bind(function).emit(Opcode.ECALL).ret();
    run(a, EngineOptions.DEFAULT);
    hart.pc(hart.pc() + 4);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
    assertEquals(1, hart.x(A0));
  }

  /** Functions called from all over a program that does not fit into the cache. */
  @Test
  void callsWhileBlocksAreEvicted() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label function = new RiscvAssembler.Label();
    RiscvAssembler.Label end = new RiscvAssembler.Label();
    a.li(T0, 6);
    RiscvAssembler.Label loop = a.here();
    for (int i = 0; i < 2000; i++) {
      a.emit(Opcode.MULHSU, A1, A0, T1).call(function);
    }
    a.emit(Opcode.ADDI, T0, T0, -1).branch(Opcode.BEQ, T0, 0, end).jump(loop);
    a.bind(end).emit(Opcode.ECALL);
    a.bind(function).emit(Opcode.ADDI, A0, A0, 1).ret();
    run(a, EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE));
    assertEquals(12000, hart.x(A0));
    assertTrue(engine.codeCache().evictions() > 3, "evictions " + engine.codeCache().evictions());
  }
}
