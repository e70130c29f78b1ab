package dev.isomorph.translator.eval;

/** A float instruction under a reserved rounding mode (ISA manual, F chapter, table of modes). */
final class IllegalRoundingMode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IllegalRoundingMode() {
    super(null, null, false, false);
  }
}
