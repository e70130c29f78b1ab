package dev.isomorph.translator.lift;

/**
 * May-be-operations that no extension has given another meaning: they write zero (ISA manual,
 * chapter "Zimop").
 */
final class MayBeInstructions {
  private MayBeInstructions() {}

  static Flow mopR(Emitter e) {
    return e.setRd(e.constant(0));
  }

  static Flow mopRr(Emitter e) {
    return e.setRd(e.constant(0));
  }
}
