package dev.isomorph.conformance.campaign;

/** What came of a case. */
sealed interface Verdict {
  /** All agreed. */
  record Agrees() implements Verdict {}

  /** The case says nothing, for a reason that is the same for many cases. */
  record Discarded(String reason) implements Verdict {}

  /** There is a difference. */
  record Differs(Finding finding) implements Verdict {}
}
