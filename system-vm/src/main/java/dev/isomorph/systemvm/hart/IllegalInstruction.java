package dev.isomorph.systemvm.hart;

/** The hart must raise an illegal-instruction exception for what was tried. */
public final class IllegalInstruction extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The only one: it is thrown often and tells nothing. */
  static final IllegalInstruction INSTANCE = new IllegalInstruction();

  private IllegalInstruction() {
    super("illegal instruction", null, false, false);
  }
}
