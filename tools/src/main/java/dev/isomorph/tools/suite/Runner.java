package dev.isomorph.tools.suite;

import java.util.Map;

/** Runs tests of some kinds on some machine. */
interface Runner {
  /**
   * Runs a test under all witnesses there are.
   *
   * @throws InterruptedException when the suite is to end
   */
  Map<Witness, Verdict> run(TestCase test) throws InterruptedException;
}
