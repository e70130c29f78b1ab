package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.RA;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.S2;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.T3;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private static final long GENERATED = CODE + 0x1000;
  private static final int FUNCTIONS = 512;

  /**
   * Writes a function that adds a number to a0, tells so by fence.i, and calls it, for ever new
   * numbers at {@link #FUNCTIONS} places in turn; then calls one that was not changed.
   *
   * @param generations how many functions are made
   */
  private static RiscvAssembler generator(int generations) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label same = new RiscvAssembler.Label();
    a.li(A2, generations).li(S0, 0).li(T3, 1 << 20);
    a.li(S1, 0x00150513L).li(S2, 0x00008067L); // addi a0, a0, 1; ret
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ANDI, T0, S0, FUNCTIONS - 1).emit(Opcode.SLLI, T0, T0, 3);
    a.li(A1, GENERATED).emit(Opcode.ADD, A1, A1, T0);
    a.emit(Opcode.SW, S1, 0, A1).emit(Opcode.SW, S2, 4, A1).emit(Opcode.FENCE_I);
    a.emit(Opcode.JALR, RA, 0, A1);
    a.call(same);
    a.emit(Opcode.ADDI, S0, S0, 1);
    // The numbers are 1 to 1023.
    a.emit(Opcode.ADD, S1, S1, T3).emit(Opcode.SLLI, S1, S1, 34).emit(Opcode.SRLI, S1, S1, 34);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(same).emit(Opcode.ADDI, A3, A3, 1).ret();
    return a;
  }

  private static long sumOfGenerated(int generations) {
    long sum = 0;
    for (int i = 1; i <= generations; i++) {
      sum += i % 1024;
    }
    return sum;
  }

  /** What is not run any more is not looked at each time; what is the same is not made again. */
  @Test
  void manyGenerationsOfCodeCostWhatIsNew() {
    int few = 100;
    int many = 5000;
    memory.code(generator(few).bytes());
    try (Hart hart = engine.newHart()) {
      run(hart);
      assertEquals(sumOfGenerated(few), hart.x(A0));
      assertEquals(few, hart.x(A3));
    }
    long fixed = engine.stats().blocks() - few;
    memory.code(generator(many).bytes());
    engine.flushCode(CODE, CODE + 0x1000);
    long before = engine.stats().blocks();
    try (Hart hart = engine.newHart()) {
      run(hart);
      assertEquals(sumOfGenerated(many), hart.x(A0));
      assertEquals(many, hart.x(A3));
    }
    long made = engine.stats().blocks() - before;
    assertTrue(made <= many + fixed, made + " for " + many + ", " + fixed + " at first");
    assertTrue(engine.codeCache().size() < 50, engine.codeCache().size() + " in use");
  }

  private static void runOn(Hart hart) {
    Stop stop = hart.run();
    while (stop instanceof Stop.Polled) {
      stop = hart.run();
    }
    assertInstanceOf(Stop.SystemCall.class, stop);
  }

  /** Code that another hart is in is set aside, and goes on. */
  @Test
  void othersRunOnWhileCodeIsToldToBeNew() throws InterruptedException {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label function = new RiscvAssembler.Label();
    a.li(A2, 3_000_000);
    RiscvAssembler.Label loop = a.here();
    a.call(function);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(function).emit(Opcode.ADDI, A0, A0, 3).ret();
    memory.farCode(a.bytes());
    memory.code(generator(3000).bytes());
    try (Hart one = engine.newHart();
        Hart other = engine.newHart()) {
      other.pc(TestMemory.FAR_CODE);
      Thread thread = new Thread(() -> runOn(other));
      thread.start();
      one.pc(CODE);
      runOn(one);
      thread.join();
      assertEquals(sumOfGenerated(3000), one.x(A0));
      assertEquals(9_000_000, other.x(A0));
      assertEquals(0, other.x(A2));
    }
  }

  /** A loop is not compiled again because its code might have changed. */
  @Test
  void aRegionIsTheSameAfterMuchAdoAboutNothing() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 1000);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, A0, A0, A2);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, 0, loop);
    a.emit(Opcode.ECALL);
    memory.code(a.bytes());
    EngineOptions regions = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS);
    try (Engine looping = new Engine(memory, regions);
        Hart hart = looping.newHart()) {
      for (int i = 1; i <= 50; i++) {
        run(hart);
        assertEquals(500_500L * i, hart.x(A0));
        looping.flushCode(0, Long.MAX_VALUE);
      }
      assertEquals(1, looping.stats().regions());
      assertEquals(0, looping.stats().invalidated());
      memory.code(addition(7));
      looping.flushCode(0, Long.MAX_VALUE);
      run(hart);
      assertEquals(500_500L * 50 + 7, hart.x(A0));
    }
  }

  /**
   * Where an indirect call of a loop leads is seen by the evaluator, which may go on to what is
   * around the loop; that is after some rounds that were translated.
   */
  @Test
  void fenceIHasItsEffectWhereItIsEvaluated() {
    int rounds = 100;
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, rounds).li(T3, 1 << 20).li(A1, GENERATED);
    a.li(S1, 0x00150513L).li(S2, 0x00008067L); // addi a0, a0, 1; ret
    a.emit(Opcode.SW, S2, 4, A1);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.SW, S1, 0, A1).emit(Opcode.FENCE_I).li(A3, 3);
    RiscvAssembler.Label calls = a.here();
    a.emit(Opcode.JALR, RA, 0, A1).emit(Opcode.ADDI, A3, A3, -1).branch(Opcode.BNE, A3, 0, calls);
    a.emit(Opcode.ADD, S1, S1, T3);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, 0, loop);
    a.emit(Opcode.ECALL);
    memory.code(a.bytes());
    EngineOptions regions = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
    try (Engine looking = new Engine(memory, regions);
        Hart hart = looking.newHart()) {
      run(hart);
      assertEquals(3 * sumOfGenerated(rounds), hart.x(A0));
      assertTrue(looking.stats().evaluated() >= 50, looking.stats().evaluated() + " evaluated");
    }
  }

  /** What was set aside is compared with guest code when it is wanted again. */
  @Test
  void whatWasSetAsideIsNotRunIfItHasChanged() {
    try (Hart hart = engine.newHart()) {
      memory.code(addition(1));
      run(hart);
      for (int i = 0; i < 100; i++) {
        engine.flushCode(0, Long.MAX_VALUE);
      }
      assertEquals(0, engine.codeCache().size());
      memory.code(addition(100));
      run(hart);
      assertEquals(101, hart.x(A0));
      assertEquals(1, engine.stats().invalidated());
    }
  }
}
