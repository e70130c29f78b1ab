package dev.isomorph.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.EvaluatorWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.MachineWitness;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.hostbackend.CpuFeatures.Feature;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Straight-line programs: the golden model against the evaluator on whole blocks, and against
 * emitted code as it comes from the lifter and as it comes from the optimiser. What single
 * instructions cannot show is seen here: register allocation, spilling, state that is read after it
 * has been kept elsewhere, faults amid a block.
 */
class SequenceConformanceTest {
  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE);
  private static final EngineWitness QUICK =
      new EngineWitness("code put together quickly", OPTIONS.withQuickFrom(0));
  private static final EngineWitness PREPARED = MadeBeforehand.witness(OPTIONS);
  private static final EngineWitness REGIONS =
      new EngineWitness("regions", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private static final EngineWitness OLD_PROCESSOR =
      new EngineWitness(
          "regions for a processor without BMI and LZCNT",
          OPTIONS
              .withRegions(EngineOptions.Regions.ALWAYS)
              .withoutFeatures(EnumSet.of(Feature.BMI1, Feature.BMI2, Feature.LZCNT)));
  private static final EngineWitness OPTIMISED = new EngineWitness("optimised code", OPTIONS);
  private static final EngineWitness PLAIN =
      new EngineWitness("code that is not optimised", OPTIONS.withOptimise(false));
  private static final MachineWitness MACHINE = new MachineWitness("code of a machine", OPTIONS);
  private static final MachineWitness MACHINE_REGIONS =
      new MachineWitness("regions of a machine", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private static final Judge JUDGE =
      new Judge(
          new EvaluatorWitness(OPTIONS.blockLimit(), false),
          new EvaluatorWitness(OPTIONS.blockLimit(), true),
          PLAIN,
          OPTIMISED,
          QUICK,
          PREPARED,
          REGIONS,
          MACHINE,
          MACHINE_REGIONS,
          OLD_PROCESSOR);

  @Provide
  Arbitrary<List<Scenario>> sequences() {
    return Scenarios.sequences(20);
  }

  @Property
  void straightLines(@ForAll("sequences") List<Scenario> scenarios) {
    for (Scenario scenario : scenarios) {
      assertEquals("", JUDGE.disagreement(scenario));
    }
  }

  @AfterContainer
  static void close() {
    QUICK.close();
    PREPARED.close();
    REGIONS.close();
    OLD_PROCESSOR.close();
    OPTIMISED.close();
    PLAIN.close();
    MACHINE.close();
    MACHINE_REGIONS.close();
  }
}
