package dev.isomorph.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.MachineWitness;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.engine.EngineOptions;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Programs with branches, loops, calls and returns: the golden model against emitted code in blocks
 * of several sizes, which jump to each other or come back to the dispatcher.
 */
class ControlFlowConformanceTest {
  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE);
  private static final EngineWitness USUAL = new EngineWitness("usual code", OPTIONS);
  private static final EngineWitness SHORT =
      new EngineWitness("code in short blocks", OPTIONS.withBlockLimit(3));
  private static final EngineWitness UNCHAINED =
      new EngineWitness(
          "code that is neither chained nor optimised",
          OPTIONS.withChaining(false).withOptimise(false));
  private static final EngineWitness LOOPS =
      new EngineWitness("loops as regions", OPTIONS.withRegions(EngineOptions.Regions.AT_ONCE));
  private static final EngineWitness QUICK =
      new EngineWitness("code put together quickly", OPTIONS.withQuickFrom(0));
  private static final EngineWitness PREPARED = MadeBeforehand.witness(OPTIONS);
  private static final EngineWitness REGIONS =
      new EngineWitness("regions", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private static final MachineWitness MACHINE = new MachineWitness("code of a machine", OPTIONS);
  private static final MachineWitness MACHINE_REGIONS =
      new MachineWitness("regions of a machine", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private static final Judge JUDGE =
      new Judge(USUAL, SHORT, UNCHAINED, QUICK, PREPARED, LOOPS, REGIONS, MACHINE, MACHINE_REGIONS);

  @Provide
  Arbitrary<List<Scenario>> programs() {
    return Scenarios.controlFlow(5);
  }

  @Property
  void programsWithControlFlow(@ForAll("programs") List<Scenario> scenarios) {
    for (Scenario scenario : scenarios) {
      assertEquals("", JUDGE.disagreement(scenario));
    }
  }

  @AfterContainer
  static void close() {
    USUAL.close();
    SHORT.close();
    UNCHAINED.close();
    LOOPS.close();
    QUICK.close();
    PREPARED.close();
    REGIONS.close();
    MACHINE.close();
    MACHINE_REGIONS.close();
  }
}
