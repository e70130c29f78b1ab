package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two harts that count without end stand still and go on. */
@Timeout(60)
class StandstillTest {
  private static final int READ_TIME_TO_T1 = 0xc0102373;
  private static final int HART_STATE = 0x48534d;
  private static final long HART = 32;
  private static final long COUNT = 0;
  private static final long TIME = 8;
  private static final long STOP = 16;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T2 = 7;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;

  @TempDir Path folder;

  private final RiscvAssembler asm = new RiscvAssembler();

  /** Hart 0 starts hart 1; each counts, and tells the time, until it is told to stop. */
  private Machine machine() throws IOException {
    Label counting = new Label();
    Label loop = new Label();
    asm.la(A1, counting);
    asm.li(A0, 1);
    asm.li(A2, TestKernel.SCRATCH + HART);
    TestKernel.call(asm, HART_STATE, 0);
    asm.li(A1, TestKernel.SCRATCH);
    asm.bind(counting);
    asm.li(T0, 0);
    asm.bind(loop);
    asm.emit(Opcode.ADDI, T0, T0, 1L);
    asm.emit(Opcode.SD, T0, COUNT, A1);
    asm.raw(READ_TIME_TO_T1);
    asm.emit(Opcode.SD, T1, TIME, A1);
    asm.emit(Opcode.LD, T2, STOP, A1);
    asm.branch(Opcode.BEQ, T2, 0, loop);
    TestKernel.powerOff(asm, 0);
    return new Machine(TestKernel.machine(TestKernel.write(folder, asm), 2), TestKernel.ENGINE);
  }

  private static long read(Machine machine, int hart, long what) {
    return machine.ram().getLong(TestKernel.SCRATCH + hart * HART + what);
  }

  /** Waits until a hart has counted on. */
  private static void awaitCount(Machine machine, int hart, long from) {
    while (read(machine, hart, COUNT) <= from) {
      Thread.onSpinWait();
    }
  }

  private static void tellToStop(Machine machine) {
    machine.ram().putLong(TestKernel.SCRATCH + STOP, 1);
  }

  @Test
  void allHartsStandStillAndGoOn() throws Exception {
    try (Machine machine = machine()) {
      CompletableFuture<Integer> end = TestKernel.start(machine);
      long[] seen = new long[2];
      for (int round = 0; round < 50; round++) {
        awaitCount(machine, 0, seen[0]);
        awaitCount(machine, 1, seen[1]);
        machine.pause();
        assertTrue(machine.isPaused());
        seen[0] = read(machine, 0, COUNT);
        seen[1] = read(machine, 1, COUNT);
        for (int i = 0; i < 1000; i++) {
          Thread.yield();
        }
        assertEquals(seen[0], read(machine, 0, COUNT));
        assertEquals(seen[1], read(machine, 1, COUNT));
        machine.resume();
      }
      tellToStop(machine);
      assertEquals(0, end.get());
    }
  }

  @Test
  void whoeverWantsItToStandStillHasToLetItGo() throws Exception {
    try (Machine machine = machine()) {
      CompletableFuture<Integer> end = TestKernel.start(machine);
      awaitCount(machine, 1, 0);
      machine.pause();
      machine.pause();
      machine.resume();
      assertTrue(machine.isPaused());
      machine.resume();
      assertFalse(machine.isPaused());
      assertThrows(IllegalStateException.class, machine::resume);
      tellToStop(machine);
      assertEquals(0, end.get());
    }
  }

  @Test
  void standsStillBeforeItsFirstInstruction() throws Exception {
    try (Machine machine = machine()) {
      machine.pause();
      CompletableFuture<Integer> end = TestKernel.start(machine);
      for (int i = 0; i < 1000; i++) {
        Thread.yield();
      }
      assertEquals(0, read(machine, 0, COUNT));
      machine.resume();
      awaitCount(machine, 1, 0);
      tellToStop(machine);
      assertEquals(0, end.get());
    }
  }

  @Test
  void isTurnedOffWhileItStandsStill() throws Exception {
    try (Machine machine = machine()) {
      CompletableFuture<Integer> end = TestKernel.start(machine);
      awaitCount(machine, 1, 0);
      machine.pause();
      machine.powerOff();
      assertEquals(0, end.get());
    }
  }
}
