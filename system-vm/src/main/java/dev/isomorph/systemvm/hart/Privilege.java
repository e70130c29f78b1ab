package dev.isomorph.systemvm.hart;

/** Privilege modes, the least privileged first (ISA manual volume II, "Privilege Levels"). */
public enum Privilege {
  USER(0),
  SUPERVISOR(1),
  MACHINE(3);

  private final int code;

  Privilege(int code) {
    this.code = code;
  }

  /** The number of the mode in registers and in the addresses of registers. */
  public int code() {
    return code;
  }

  /** The mode of a number; 2 is none. */
  public static Privilege of(int code) {
    return switch (code) {
      case 0 -> USER;
      case 1 -> SUPERVISOR;
      case 3 -> MACHINE;
      default -> throw new IllegalArgumentException("privilege " + code);
    };
  }
}
