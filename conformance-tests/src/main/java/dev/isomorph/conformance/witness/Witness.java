package dev.isomorph.conformance.witness;

/** A way to run a scenario. */
public interface Witness {
  /** What it is called in reports. */
  String name();

  /** Runs the scenario, which is known to end. */
  Observation observe(Scenario scenario);
}
