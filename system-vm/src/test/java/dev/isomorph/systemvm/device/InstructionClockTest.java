package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InstructionClockTest {
  private static final long WALL = 1_000_000_000_000L;

  private long steps;
  private int earlier;
  private int actions;
  private final InstructionClock clock = new InstructionClock(() -> steps, WALL, () -> earlier++);

  @Test
  void stepsAreNanoseconds() {
    steps = 12_345;
    assertEquals(123, clock.ticks());
    assertEquals(WALL + 12_345, clock.wallNanoseconds());
  }

  @Test
  void softwareMaySetTheTimeButNotTheWalls() {
    steps = 150;
    clock.setTicks(-5);
    assertEquals(-5, clock.ticks());
    steps += 600;
    assertEquals(1, clock.ticks());
    assertEquals(WALL + 750, clock.wallNanoseconds());
    assertEquals(1, earlier);
  }

  @Test
  void timersAreDueAtTheFirstStepOfTheirTick() {
    MachineClock.Timer timer = clock.timer(() -> actions++);
    assertEquals(Long.MAX_VALUE, clock.next());
    steps = 250;
    timer.set(5);
    assertEquals(250, clock.next());
    steps = 499;
    clock.runDue();
    assertEquals(0, actions);
    steps = 500;
    assertEquals(0, clock.next());
    clock.runDue();
    clock.runDue();
    assertEquals(1, actions);
    timer.set(-1);
    assertEquals(Long.MAX_VALUE, clock.next());
    timer.cancel();
    assertFalse(clock.skip(Long.MAX_VALUE));
  }

  @Test
  void whileNothingRunsTimeJumpsToTheNextTimer() {
    MachineClock.Timer late = clock.timer(() -> actions += 10);
    MachineClock.Timer early = clock.timer(() -> actions++);
    steps = 1;
    late.set(1000);
    early.set(10);
    assertTrue(clock.skip(Long.MAX_VALUE));
    clock.runDue();
    assertEquals(1, actions);
    assertEquals(10, clock.ticks());
    assertTrue(clock.skip(Long.MAX_VALUE));
    clock.runDue();
    assertEquals(11, actions);
    assertEquals(1000 * InstructionClock.STEPS_PER_TICK, clock.elapsed());
  }

  @Test
  void goesOnFromASnapshotToTheStep() throws IOException {
    steps = 7;
    MachineClock.Timer timer = clock.timer(() -> actions++);
    timer.set(50);
    clock.skip(Long.MAX_VALUE);
    steps += 33;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    clock.save(new DataOutputStream(bytes));
    long[] restoredSteps = {5000};
    InstructionClock restored = new InstructionClock(() -> restoredSteps[0], WALL, () -> {});
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), 1);
    MachineClock.Timer again = restored.timer(() -> actions++);
    timer.set(60);
    again.set(60);
    assertEquals(clock.elapsed(), restored.elapsed());
    assertEquals(clock.next(), restored.next());
    assertEquals(clock.ticks(), restored.ticks());
  }
}
