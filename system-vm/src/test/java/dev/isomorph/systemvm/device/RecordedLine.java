package dev.isomorph.systemvm.device;

import java.util.concurrent.atomic.AtomicInteger;

/** An interrupt line that tests look at. */
public final class RecordedLine implements InterruptLine {
  private volatile boolean level;
  private final AtomicInteger requests = new AtomicInteger();

  @Override
  public void set(boolean level) {
    this.level = level;
    if (level) {
      requests.incrementAndGet();
    }
  }

  /** How often it was raised, high already or not. */
  public int requests() {
    return requests.get();
  }

  public boolean isHigh() {
    return level;
  }
}
