package dev.isomorph.translator.lift;

/**
 * That a guest register is by some distance more than another one, which for x0 means that it is
 * that number: seen whenever somebody looked, and to be checked by who relies on it.
 */
public record Supposition(int register, int base, long distance) {
  /** Whether it is a number. */
  public boolean isConstant() {
    return base == 0;
  }
}
