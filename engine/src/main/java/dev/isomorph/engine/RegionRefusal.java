package dev.isomorph.engine;

/** Why hot code has no region, or no longer. */
public enum RegionRefusal implements LoopOutcome {
  NO_LOOP(
      "no loop around it that could be one: it calls what is not small, jumps indirectly, or is too"
          + " long"),
  UNSUITABLE("it changes the rounding mode, or traps at its very start"),
  TOO_MANY_PLACES("more values live at once than there are places for"),
  TOO_LONG("its host code is longer than a translation may be"),
  CODE_CHANGED("guest code changed while it was compiled"),
  GIVEN_UP(
      "given up: entered so often that moving registers at its edges costs more than it gains");

  private final String text;

  RegionRefusal(String text) {
    this.text = text;
  }

  /** The reason, for people. */
  public String text() {
    return text;
  }
}
