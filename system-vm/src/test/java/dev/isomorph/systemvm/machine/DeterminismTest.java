package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.RealTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines whose clock counts instructions are the same at each run. */
@Timeout(60)
class DeterminismTest {
  private static final int READ_TIME_TO_T1 = 0xc0102373;
  private static final int READ_INSTRET_TO_T3 = 0xc0202e73;
  private static final int READ_INSTRET_TO_T4 = 0xc0202ef3;
  private static final int WRITE_STVEC_FROM_T0 = 0x10529073;
  private static final int SET_SIE_FROM_T0 = 0x1042a073;
  private static final int SET_SSTATUS_SIE = 0x10016073;
  private static final int WRITE_STIMECMP_FROM_T1 = 0x14d31073;
  private static final int SRET = 0x10200073;
  private static final int TIMER = 1 << 5;
  private static final int HART_STATE = 0x48534d;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T2 = 7;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int S2 = 18;
  private static final int S3 = 19;
  private static final int T3 = 28;
  private static final int T4 = 29;
  private static final int T5 = 30;

  /** What a run shows. */
  private record Run(long hash, long blocks, long steps, long interrupts, long where) {}

  @TempDir Path folder;

  /**
   * Two harts add up what the time is until a timer has interrupted each 50 times, after a number
   * of ticks that depends on the sum.
   */
  private static RiscvAssembler timers() {
    RiscvAssembler asm = new RiscvAssembler();
    Label both = new Label();
    Label handler = new Label();
    Label loop = new Label();
    Label stop = new Label();
    Label more = new Label();
    asm.la(A1, both);
    asm.li(A0, 1);
    asm.li(A2, TestKernel.SCRATCH + 64);
    TestKernel.call(asm, HART_STATE, 0);
    asm.li(A1, TestKernel.SCRATCH);
    asm.bind(both);
    asm.la(T0, handler);
    asm.raw(WRITE_STVEC_FROM_T0);
    asm.li(T0, TIMER);
    asm.raw(SET_SIE_FROM_T0);
    asm.li(S2, 50);
    asm.raw(READ_TIME_TO_T1);
    asm.emit(Opcode.ADDI, T1, T1, 100);
    asm.raw(WRITE_STIMECMP_FROM_T1);
    asm.raw(SET_SSTATUS_SIE);
    asm.bind(loop);
    asm.emit(Opcode.ADD, S1, S1, T1);
    asm.emit(Opcode.SD, S1, 0, A1);
    asm.emit(Opcode.XORI, S3, S1, 0x55);
    asm.branch(Opcode.BNE, S2, 0, loop);
    asm.li(T2, TestKernel.SCRATCH + 32);
    asm.li(T0, 1);
    asm.emit(Opcode.AMOADD_D, T0, T0, T2);
    asm.branch(Opcode.BNE, T0, 0, stop);
    Label wait = asm.here();
    asm.jump(wait);
    asm.bind(stop);
    TestKernel.powerOff(asm, 0);
    asm.align(4);
    asm.bind(handler);
    asm.emit(Opcode.ADDI, S2, S2, -1);
    asm.emit(Opcode.ANDI, T5, S1, 0x1f);
    asm.raw(READ_TIME_TO_T1);
    asm.emit(Opcode.ADD, T1, T1, T5);
    asm.branch(Opcode.BNE, S2, 0, more);
    asm.li(T1, -1);
    asm.bind(more);
    asm.raw(WRITE_STIMECMP_FROM_T1);
    asm.raw(SRET);
    return asm;
  }

  private Run run(RiscvAssembler asm, int harts, EngineOptions engine) throws IOException {
    TraceHash hash = new TraceHash();
    MachineOptions options = deterministic(TestKernel.write(folder, asm), harts);
    try (Machine machine = new Machine(options, engine.withObserver(hash))) {
      assertEquals(0, machine.run());
      return new Run(
          hash.value(),
          hash.blocks(),
          machine.steps(),
          machine.interrupts(),
          machine.ram().getLong(TestKernel.SCRATCH));
    }
  }

  static MachineOptions deterministic(Path kernel, int harts) {
    return new MachineOptions(
        BootOptions.of(kernel),
        harts,
        TestKernel.MEMORY,
        List.of(),
        List.of(),
        new CharacterBackend.None(),
        new RealTime.Host(Duration.ZERO),
        false,
        new Diagnostics(false, null, true, null, null, null, null, null, false, null));
  }

  @Test
  void twoRunsAreTheSame() throws IOException {
    Run first = run(timers(), 2, TestKernel.ENGINE);
    assertEquals(first, run(timers(), 2, TestKernel.ENGINE));
    assertEquals(100, first.interrupts);
  }

  @Test
  void whatIsExecutedDoesNotDependOnHow() throws IOException {
    Run first = run(timers(), 2, TestKernel.ENGINE);
    for (EngineOptions engine :
        List.of(
            TestKernel.ENGINE.withBlockLimit(1),
            TestKernel.ENGINE.withOptimise(false),
            TestKernel.ENGINE.withTranslation(false))) {
      Run other = run(timers(), 2, engine);
      assertEquals(first.steps, other.steps);
      assertEquals(first.where, other.where);
    }
  }

  @Test
  void instructionsAreCounted() throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    Label skipped = new Label();
    Label loop = new Label();
    Label failed = new Label();
    asm.li(T0, 10);
    asm.raw(READ_INSTRET_TO_T3);
    asm.bind(loop);
    asm.emit(Opcode.ADDI, T0, T0, -1);
    asm.branch(Opcode.BEQ, T0, 0, skipped);
    asm.emit(Opcode.ADDI, T1, T1, 1);
    asm.bind(skipped);
    asm.branch(Opcode.BNE, T0, 0, loop);
    asm.raw(READ_INSTRET_TO_T4);
    asm.emit(Opcode.SUB, T4, T4, T3);
    asm.li(T5, 1 + 9 * 4 + 3);
    asm.branch(Opcode.BNE, T4, T5, failed);
    TestKernel.powerOff(asm, 0);
    asm.bind(failed);
    TestKernel.powerOff(asm, 1);
    run(asm, 1, TestKernel.ENGINE);
    run(asm, 1, TestKernel.ENGINE.withBlockLimit(1));
  }
}
