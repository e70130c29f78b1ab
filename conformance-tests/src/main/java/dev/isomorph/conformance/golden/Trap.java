package dev.isomorph.conformance.golden;

/** Thrown by an instruction that cannot be completed, before it has changed anything. */
final class Trap extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Ending ending;

  Trap(Ending ending) {
    super(null, null, false, false);
    this.ending = ending;
  }

  Ending ending() {
    return ending;
  }
}
