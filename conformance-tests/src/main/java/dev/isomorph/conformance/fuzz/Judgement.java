package dev.isomorph.conformance.fuzz;

/** What came of running a program on all machines. */
public sealed interface Judgement permits Judgement.Agreement, Disagreement {
  /**
   * All ended with the same.
   *
   * @param underQemu whether qemu was one of them; it is not shown what it cannot be trusted with
   */
  record Agreement(boolean underQemu) implements Judgement {}
}
