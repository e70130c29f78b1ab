package dev.isomorph.processvm.signal;

/** Registers in arrays. */
public final class PlainRegisters implements GuestRegisters {
  private final long[] integers = new long[32];
  private final long[] floats = new long[32];
  private long pc;
  private int fcsr;

  @Override
  public long x(int i) {
    return integers[i];
  }

  @Override
  public void x(int i, long value) {
    if (i != 0) {
      integers[i] = value;
    }
  }

  @Override
  public long f(int i) {
    return floats[i];
  }

  @Override
  public void f(int i, long value) {
    floats[i] = value;
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long value) {
    pc = value;
  }

  @Override
  public int fcsr() {
    return fcsr;
  }

  @Override
  public void fcsr(int value) {
    fcsr = value;
  }
}
