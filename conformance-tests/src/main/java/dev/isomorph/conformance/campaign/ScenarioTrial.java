package dev.isomorph.conformance.campaign;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.generate.BatteryGenerator;
import dev.isomorph.conformance.generate.ControlFlowGenerator;
import dev.isomorph.conformance.generate.SequenceGenerator;
import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.witness.Battery;
import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.EvaluatorWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.MachineWitness;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.EngineOptions;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** A few instructions from many states: by the golden model, the evaluator and the engine. */
final class ScenarioTrial implements Trial {
  private static final Opcode[] ROWS = Opcode.values();
  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE);

  private final String what;
  private final Function<Random, Battery> generator;
  private final EngineWitness plain =
      new EngineWitness(
          "emitted code, not optimised, one instruction a block",
          OPTIONS.withOptimise(false).withBlockLimit(1));
  private final EngineWitness optimised = new EngineWitness("emitted code, optimised", OPTIONS);
  private final EngineWitness quick =
      new EngineWitness("code put together quickly", OPTIONS.withQuickFrom(0));
  private final EngineWitness regions =
      new EngineWitness("regions", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private final MachineWitness machine = new MachineWitness("code of a machine", OPTIONS);
  private final MachineWitness machineRegions =
      new MachineWitness("regions of a machine", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private final Judge judge =
      new Judge(
          new EvaluatorWitness(1, false),
          new EvaluatorWitness(OPTIONS.blockLimit(), true),
          plain,
          optimised,
          quick,
          regions,
          machine,
          machineRegions);

  private ScenarioTrial(String what, Function<Random, Battery> generator) {
    this.what = what;
    this.generator = generator;
  }

  /** One instruction, any row of the table, from many states. */
  static Trial ofInstructions() {
    return new ScenarioTrial("an instruction", ScenarioTrial::instruction);
  }

  /** A short program, straight or with branches, loops and calls. */
  static Trial ofSequences() {
    return new ScenarioTrial("a sequence of instructions", ScenarioTrial::sequence);
  }

  private static Battery instruction(Random random) {
    Shape shape = Shape.of(ROWS[random.nextInt(ROWS.length)]);
    return new BatteryGenerator(shape, random).battery();
  }

  private static Battery sequence(Random random) {
    Scenario scenario =
        random.nextBoolean()
            ? new SequenceGenerator(random).scenario()
            : new ControlFlowGenerator(random).scenario();
    return new Battery(List.of(scenario));
  }

  @Override
  public Verdict judge(long seed) {
    Battery battery = generator.apply(new Random(seed));
    String report = judge.disagreement(battery, (scenario, result, lastStarted) -> {});
    return report.isEmpty()
        ? new Verdict.Agrees(false)
        : new Verdict.Differs(
            new Finding(what + " differs from the golden model").file("report.txt", report));
  }

  @Override
  public void close() {
    plain.close();
    optimised.close();
    quick.close();
    regions.close();
    machine.close();
    machineRegions.close();
  }
}
