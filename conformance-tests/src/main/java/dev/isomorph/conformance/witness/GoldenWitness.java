package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import java.util.function.LongConsumer;

/** The golden model, which all others have to agree with. */
final class GoldenWitness {
  private final ScenarioMemory memory = new ScenarioMemory();

  /** Puts the program and the memory of a scenario in place of those before. */
  void load(Scenario scenario) {
    memory.load(scenario);
  }

  /**
   * Runs the loaded program from the state of a scenario.
   *
   * @param stepped told the pc of every instruction before it runs
   * @return null if it seems not to end
   */
  Observation run(Scenario scenario, LongConsumer stepped) {
    GoldenRun run = new GoldenRun(scenario, memory);
    for (int step = 0; step < Scenario.STEP_LIMIT; step++) {
      stepped.accept(run.hart().pc());
      Ending ending = run.hart().step();
      if (ending != null) {
        return run.observation(ending);
      }
    }
    memory.takeData();
    return null;
  }
}
