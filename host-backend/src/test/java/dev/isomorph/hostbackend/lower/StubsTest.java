package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entering guest code and leaving it again at once, by the stub that reports a fault. */
class StubsTest {
  private static final int ROUND_UP = 3;

  private final ExecutableMemory code = new ExecutableMemory(1 << 16);
  private final HartState hart = new HartState(0);
  private final Stubs stubs = new Stubs(code.rx(0));

  @AfterEach
  void close() {
    hart.close();
    code.close();
  }

  private ExitReason passThrough() {
    byte[] bytes = stubs.code();
    code.copyIn(bytes, 0, 0, bytes.length);
    hart.field(RegisterFile.ENTRY, stubs.fault());
    return ExitReason.of(HostCalls.enter(stubs.enter(), hart.origin()));
  }

  @Test
  void tellsWhyItCameBack() {
    assertEquals(ExitReason.FAULT, passThrough());
  }

  @Test
  void bringsAllRegistersBack() {
    Random random = new Random(1);
    long[] values = random.longs(StateSlot.FRM).toArray();
    for (int slot = 1; slot < values.length; slot++) {
      hart.slot(slot, values[slot]);
    }
    hart.fflags(0x15);
    passThrough();
    for (int slot = 1; slot < values.length; slot++) {
      assertEquals(values[slot], hart.slot(slot), StateSlot.name(slot));
    }
    assertEquals(0x15, hart.fflags());
  }

  @Test
  void boundsTheReturnStack() {
    passThrough();
    long limit = hart.field(RegisterFile.RETURN_STACK_LIMIT);
    assertEquals(64 << 10, hart.field(RegisterFile.HOST_RSP) - limit);
  }

  /** Whoever asks while code is entered is not forgotten. */
  @Test
  void leavesThePollFlagAlone() {
    hart.poll(1);
    passThrough();
    assertEquals(1, hart.takePoll());
    boundsTheReturnStack();
  }

  @Test
  void leavesJavasRoundingAlone() {
    hart.slot(StateSlot.FRM, ROUND_UP);
    passThrough();
    double third = new double[] {1}[0] / new double[] {3}[0];
    assertEquals(0x3fd5_5555_5555_5555L, Double.doubleToRawLongBits(third));
  }

  @Test
  void alignsItsExitAndItsEnd() {
    assertEquals(0, stubs.code().length % 64);
    assertEquals(0, stubs.exit() % 16);
  }
}
