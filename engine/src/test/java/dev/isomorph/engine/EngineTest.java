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

class EngineTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int S11 = 27;

  private final TestMemory memory = new TestMemory();
  private Engine engine;
  private Hart hart;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    memory.close();
  }

  private Stop run(RiscvAssembler program) {
    return run(program, EngineOptions.DEFAULT);
  }

  private Stop run(RiscvAssembler program, EngineOptions options) {
    memory.code(program.bytes());
    engine = new Engine(memory, options);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.x(SP, DATA + TestMemory.DATA_SIZE);
    return hart.run();
  }

  @Test
  void loopsInBothKindsOfRegister() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A0, 0).li(T1, 1000);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, A0, A0, T1);
    a.emit(Opcode.ADD, S11, S11, A0);
    a.emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, 0, loop);
    a.emit(Opcode.ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    assertEquals(500500, hart.x(A0));
    long sum = 0;
    long s11 = 0;
    for (int i = 1000; i > 0; i--) {
      sum += i;
      s11 += sum;
    }
    assertEquals(s11, hart.x(S11));
    assertEquals(CODE + a.offset() - 4, hart.pc());
    assertTrue(engine.stats().dispatches() < 10, "the loop is chained");
  }

  /** fib(20) by recursion: calls, returns, the stack. */
  private static RiscvAssembler fibonacci(int n) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label fib = new RiscvAssembler.Label();
    RiscvAssembler.Label recurse = new RiscvAssembler.Label();
    a.li(A0, n).call(fib).emit(Opcode.ECALL);
    a.bind(fib).li(T0, 2).branch(Opcode.BGE, A0, T0, recurse).ret();
    a.bind(recurse);
    a.emit(Opcode.ADDI, SP, SP, -32);
    a.emit(Opcode.SD, RA, 0, SP);
    a.emit(Opcode.SD, A0, 8, SP);
    a.emit(Opcode.ADDI, A0, A0, -1);
    a.call(fib);
    a.emit(Opcode.SD, A0, 16, SP);
    a.emit(Opcode.LD, A0, 8, SP);
    a.emit(Opcode.ADDI, A0, A0, -2);
    a.call(fib);
    a.emit(Opcode.LD, A1, 16, SP);
    a.emit(Opcode.ADD, A0, A0, A1);
    a.emit(Opcode.LD, RA, 0, SP);
    a.emit(Opcode.ADDI, SP, SP, 32);
    a.ret();
    return a;
  }

  @Test
  void theEvaluatorDoesAllWhenNothingIsToBeTranslated() {
    assertInstanceOf(
        Stop.SystemCall.class, run(fibonacci(10), EngineOptions.DEFAULT.withTranslation(false)));
    assertEquals(55, hart.x(A0));
    assertEquals(CODE + 8, hart.pc());
    assertEquals(0, engine.stats().blocks());
    hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, hart.run());
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  @Test
  void callsAndReturns() {
    assertInstanceOf(Stop.SystemCall.class, run(fibonacci(20)));
    assertEquals(6765, hart.x(A0));
    assertEquals(DATA + TestMemory.DATA_SIZE, hart.x(SP));
    assertTrue(engine.stats().dispatches() < 50, "returns stay in host code");
  }

  @Test
  void worksWithoutChaining() {
    assertInstanceOf(
        Stop.SystemCall.class, run(fibonacci(10), EngineOptions.DEFAULT.withChaining(false)));
    assertEquals(55, hart.x(A0));
  }

  @Test
  void stopsPreciselyAtAFault() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A0, 7).li(S11, 8).li(T0, 0x1238);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ADDI, S11, S11, 1);
    int at = a.offset();
    a.emit(Opcode.LD, A1, 8, T0);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ADDI, S11, S11, 1);
    a.emit(Opcode.ECALL);
    Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, run(a));
    assertEquals(0x1240, fault.address());
    assertEquals(CODE + at, hart.pc());
    assertEquals(8, hart.x(A0));
    assertEquals(9, hart.x(S11));
  }

  @Test
  void tellsNonCanonicalAddresses() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 0x6162636465666768L);
    a.emit(Opcode.SD, A1, 8, T0);
    Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, run(a));
    assertEquals(0x6162636465666770L, fault.address());
    assertEquals(Stop.Access.STORE, fault.access());
  }

  @Test
  void storeToReadOnlyPageFaults() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, TestMemory.READ_ONLY);
    a.emit(Opcode.LD, A1, 0, T0);
    a.emit(Opcode.SD, A1, 16, T0);
    Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, run(a));
    assertEquals(TestMemory.READ_ONLY + 16, fault.address());
  }

  @Test
  void jumpToUnmappedCodeFaultsThere() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 0x5000);
    a.emit(Opcode.JALR, RA, 0, T0);
    Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, run(a));
    assertEquals(Stop.Access.EXECUTE, fault.access());
    assertEquals(0x5000, fault.address());
    assertEquals(0x5000, hart.pc());
  }

  @Test
  void goesOnWhenTheCacheIsTooSmall() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 20);
    RiscvAssembler.Label loop = a.here();
    for (int i = 0; i < 3000; i++) {
      RiscvAssembler.Label next = new RiscvAssembler.Label();
      a.emit(Opcode.ADDI, A0, A0, 1);
      a.branch(Opcode.BLT, A0, 0, next);
      a.emit(Opcode.MULHSU, A1, A0, S11);
      a.bind(next);
    }
    a.emit(Opcode.ADDI, A2, A2, -1);
    RiscvAssembler.Label out = new RiscvAssembler.Label();
    a.branch(Opcode.BEQ, A2, 0, out);
    a.jump(loop);
    a.bind(out).emit(Opcode.ECALL);
    assertInstanceOf(
        Stop.SystemCall.class, run(a, EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE)));
    assertEquals(60000, hart.x(A0));
    assertTrue(engine.codeCache().evictions() > 3, "evictions " + engine.codeCache().evictions());
  }

  @Test
  void pollFlagStopsALoop() throws InterruptedException {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.jump(loop);
    memory.code(a.bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT);
    hart = engine.newHart();
    hart.pc(CODE);
    Hart other = hart;
    Thread poller = Thread.ofPlatform().start(other::requestPoll);
    assertInstanceOf(Stop.Polled.class, hart.run());
    poller.join();
    assertEquals(CODE, hart.pc());
  }

  /** Blocks that are not yet translated and linked come back to the engine before one polls. */
  @Test
  void aPollRequestOutlivesOtherExits() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A0, 100);
    RiscvAssembler.Label loop = a.here();
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    a.branch(Opcode.BNE, A0, 0, next).emit(Opcode.EBREAK).bind(next);
    a.emit(Opcode.ADDI, A0, A0, -1);
    a.branch(Opcode.BNE, A0, 0, loop);
    memory.code(a.emit(Opcode.ECALL).bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, hart.run());
    assertEquals(99, hart.x(A0));
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  /** A loop may come to such an operation each time before it comes to where it polls. */
  @Test
  void whatIsHandedOverToTheEvaluatorPolls() {
    RiscvAssembler a = new RiscvAssembler();
    int toNearestTiesAway = 4;
    a.emit(Opcode.FADD_D, 10, 11, 12, toNearestTiesAway);
    memory.code(a.emit(Opcode.ECALL).bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, hart.run());
    assertEquals(CODE, hart.pc());
    assertInstanceOf(Stop.SystemCall.class, hart.run());
  }

  /** As what is handed over at faults does: here the first of two bytes that are loaded as one. */
  @Test
  void whatIsHandedOverAtFaultsPolls() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.LBU, A0, 0, A1).emit(Opcode.LBU, A2, 1, A1);
    a.emit(Opcode.SLLI, A2, A2, 8).emit(Opcode.OR, A0, A0, A2);
    memory.code(a.emit(Opcode.ECALL).bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.x(A1, TestMemory.READ_ONLY + 4096 - 1);
    hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, hart.run());
    assertEquals(CODE, hart.pc());
    assertInstanceOf(Stop.MemoryFault.class, hart.run());
    assertEquals(CODE + 4, hart.pc());
  }

  @Test
  void canonicalNanComesFromArithmetic() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.FDIV_D, 10, 11, 12, 7);
    a.emit(Opcode.FMV_X_D, A0, 10);
    a.emit(Opcode.CSRRS, A1, 1, 0);
    a.emit(Opcode.ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    assertEquals(0x7ff8000000000000L, hart.x(A0));
    assertEquals(0x10, hart.x(A1));
    assertEquals(0x10, hart.fcsr());
  }
}
