package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

/**
 * Runs a hart until it waits where its program ends.
 *
 * @param end address of the instruction that waits
 */
record UntilEnd(long end, long deadline) implements HartOwner {
  private static final Duration LONG = Duration.ofSeconds(60);

  UntilEnd(long end) {
    this(end, System.nanoTime() + LONG.toNanos());
  }

  @Override
  public boolean answers(SystemHart hart) {
    return false;
  }

  @Override
  public void attend(SystemHart hart) {}

  @Override
  public void halted(SystemHart hart, Halt why) {
    throw new AssertionError(why);
  }

  @Override
  public boolean isRunning(SystemHart hart) {
    assertTrue(System.nanoTime() < deadline, "does not end");
    return hart.registers().pc() != end + 4;
  }
}
