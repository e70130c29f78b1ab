package dev.isomorph.systemvm.device;

/** A window to a bus on which nothing answers: reads give ones, writes are lost. */
public final class OpenBus implements StatelessDevice {
  private final String name;

  public OpenBus(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long read(long offset, int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }

  @Override
  public void write(long offset, int bytes, long value) {}
}
