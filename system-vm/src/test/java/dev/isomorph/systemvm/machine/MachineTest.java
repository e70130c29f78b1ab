package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import dev.isomorph.systemvm.options.MachineOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole machines with a kernel of a few instructions, under the built-in firmware. */
@Timeout(60)
class MachineTest {
  private static final int ECALL = 0x73;
  private static final int WRITE_SIE_FROM_T0 = 0x10429073;
  private static final int WRITE_SIP_FROM_T0 = 0x14429073;
  private static final int SOFTWARE_INTERRUPT = 1 << 1;
  private static final int HART_STATE = 0x48534d;
  private static final int SUSPEND = 3;
  private static final long NON_RETENTIVE = 0x8000_0000L;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A6 = 16;
  private static final int A7 = 17;

  @TempDir Path folder;

  private final RiscvAssembler asm = new RiscvAssembler();

  @Test
  void kernelsPowerOff() throws IOException {
    powerOff(false);
    assertEquals(0, run());
  }

  @Test
  void whatIsTurnedOffBeforeItIsOnStaysOff() throws IOException {
    Label loop = asm.here();
    asm.jump(loop);
    MachineOptions options = TestKernel.machine(TestKernel.write(folder, asm), 2);
    try (Machine machine = new Machine(options, TestKernel.ENGINE)) {
      machine.powerOff();
      assertEquals(0, machine.run());
    }
  }

  @Test
  void kernelsTellThatTheyFailed() throws IOException {
    powerOff(true);
    assertEquals(1, run());
  }

  /** What they run is gone when it is closed. */
  @Test
  void closingWaitsForHarts() throws Exception {
    asm.li(A0, TestKernel.SCRATCH);
    Label loop = asm.here();
    asm.emit(Opcode.SD, A0, 0, A0);
    asm.jump(loop);
    MachineOptions options = TestKernel.machine(TestKernel.write(folder, asm), 1);
    CompletableFuture<Integer> end;
    try (Machine machine = new Machine(options, TestKernel.ENGINE)) {
      end = TestKernel.start(machine);
      while (machine.ram().getLong(TestKernel.SCRATCH) == 0 && !end.isDone()) {
        Thread.onSpinWait();
      }
    }
    assertEquals(0, end.get());
  }

  @Test
  void hartsThatLoseTheirStateBeginWhereTheySaid() throws IOException {
    Label resumed = new Label();
    Label failed = new Label();
    asm.li(T0, SOFTWARE_INTERRUPT);
    asm.raw(WRITE_SIE_FROM_T0);
    asm.raw(WRITE_SIP_FROM_T0);
    asm.la(A1, resumed);
    asm.li(A0, NON_RETENTIVE);
    asm.li(A2, 0x1234);
    asm.li(A6, SUSPEND);
    asm.li(A7, HART_STATE);
    asm.raw(ECALL);
    asm.bind(failed);
    powerOff(true);
    asm.bind(resumed);
    asm.li(T1, 0x1234);
    asm.branch(Opcode.BNE, A1, T1, failed);
    asm.branch(Opcode.BNE, A0, 0, failed);
    powerOff(false);
    assertEquals(0, run());
  }

  @Test
  void whoCannotWriteWhatItSeesEndsTheMachine() throws IOException {
    IOException full = new IOException("no space");
    assertSame(full, endOfWhomSomebodyFails(new UncheckedIOException(full)));
  }

  @Test
  void aHartThatBreaksDownEndsTheMachine() throws IOException {
    IllegalStateException bug = new IllegalStateException("a bug");
    assertSame(bug, endOfWhomSomebodyFails(bug));
  }

  /** What an endless machine ends with if who looks on fails. */
  private Exception endOfWhomSomebodyFails(RuntimeException failure) throws IOException {
    Label loop = asm.here();
    asm.jump(loop);
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void entering(Hart hart, TranslatedBlock block) {
            throw failure;
          }
        };
    MachineOptions options = TestKernel.machine(TestKernel.write(folder, asm), 2);
    try (Machine machine = new Machine(options, TestKernel.ENGINE.withObserver(observer))) {
      return assertThrows(Exception.class, machine::run);
    }
  }

  private void powerOff(boolean fails) {
    TestKernel.powerOff(asm, fails ? 1 : 0);
  }

  private int run() throws IOException {
    MachineOptions options = TestKernel.machine(TestKernel.write(folder, asm), 1);
    try (Machine machine = new Machine(options, TestKernel.ENGINE)) {
      return machine.run();
    }
  }
}
