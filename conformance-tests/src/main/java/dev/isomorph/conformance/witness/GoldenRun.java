package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.GoldenHart;
import java.util.Arrays;

/** A golden hart in the state a scenario starts in. */
public final class GoldenRun {
  private final ScenarioMemory memory;
  private final GoldenHart hart;

  /** Starts a scenario; its program may be empty, to be tried out instruction by instruction. */
  public GoldenRun(Scenario scenario) {
    this(scenario, loaded(scenario));
  }

  /** Starts a scenario in memory where it has been loaded. */
  GoldenRun(Scenario scenario, ScenarioMemory memory) {
    this.memory = memory;
    hart = new GoldenHart(memory.memory());
    for (int i = 0; i < 32; i++) {
      hart.x(i, scenario.x()[i]);
      hart.f(i, scenario.f()[i]);
    }
    hart.fcsr(scenario.fcsr());
    hart.pc(scenario.pc());
  }

  private static ScenarioMemory loaded(Scenario scenario) {
    ScenarioMemory memory = new ScenarioMemory();
    memory.load(scenario);
    return memory;
  }

  /** The hart, to be stepped or looked at. */
  public GoldenHart hart() {
    return hart;
  }

  /** Puts an instruction where the hart's pc is, and runs it. */
  public Ending step(int encoding) {
    memory.place(hart.pc(), encoding);
    return hart.step();
  }

  Observation observation(Ending ending) {
    long[] x = new long[32];
    long[] f = new long[32];
    Arrays.setAll(x, hart::x);
    Arrays.setAll(f, hart::f);
    return new Observation(
        ending, hart.pc(), x, f, hart.fcsr(), hart.unpredictable(), memory.takeData());
  }
}
