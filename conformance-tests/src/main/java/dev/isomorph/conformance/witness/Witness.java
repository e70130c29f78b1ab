package dev.isomorph.conformance.witness;

/**
 * A way to run scenarios. A program is loaded once and then run from any number of states, so that
 * what it costs to prepare it is shared.
 */
public interface Witness {
  /** What it is called in reports. */
  String name();

  /** Puts the program and the memory of a scenario in place of those before. */
  void load(Scenario scenario);

  /**
   * Runs the loaded program, which is known to end, from the state of a scenario that has the same
   * program and memory contents. Memory is afterwards as it was loaded.
   */
  Observation run(Scenario scenario);

  /** Loads a scenario and runs it. */
  default Observation observe(Scenario scenario) {
    load(scenario);
    return run(scenario);
  }

  /** The code it runs in place of the program, for people; empty if there is none. */
  default String listing(Scenario scenario) {
    return "";
  }
}
