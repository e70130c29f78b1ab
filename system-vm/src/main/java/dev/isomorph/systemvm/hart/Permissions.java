package dev.isomorph.systemvm.hart;

/** Sets of what may be done with memory, with the bits of {@code pmpcfg}. */
public final class Permissions {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int EXECUTE = 4;
  public static final int ALL = READ | WRITE | EXECUTE;

  private Permissions() {}
}
