package dev.isomorph.conformance.campaign;

/** What came of a case. */
sealed interface Verdict {
  /**
   * All agreed.
   *
   * @param underQemu whether qemu was one of them
   */
  record Agrees(boolean underQemu) implements Verdict {}

  /** The case says nothing, for a reason that is the same for many cases. */
  record Discarded(String reason) implements Verdict {}

  /** There is a difference. */
  record Differs(Finding finding) implements Verdict {}
}
