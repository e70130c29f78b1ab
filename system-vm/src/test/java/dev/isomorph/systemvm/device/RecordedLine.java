package dev.isomorph.systemvm.device;

/** An interrupt line that tests look at. */
public final class RecordedLine implements InterruptLine {
  private volatile boolean level;

  @Override
  public void set(boolean level) {
    this.level = level;
  }

  public boolean isHigh() {
    return level;
  }
}
