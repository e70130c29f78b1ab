package dev.isomorph.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.EvaluatorWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.EngineOptions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Every instruction alone: the golden model against the evaluator and against emitted code.
 *
 * <p>One try of a property runs one scenario for each row of its part of the instruction table. The
 * number of tries is jqwik's default, so {@code -Djqwik.tries.default=1000000} makes a campaign.
 */
class InstructionConformanceTest {
  private static final int CACHE = 4 << 20;

  private static final Judge JUDGE =
      new Judge(
          new EvaluatorWitness(1),
          new EngineWitness(
              "emitted code, one instruction a block",
              EngineOptions.DEFAULT.withCodeCache(CACHE).withBlockLimit(1)));

  private static final Set<Extension> SINGLE = EnumSet.of(Extension.F);

  @Property
  void integer(@ForAll("integers") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> integers() {
    return Scenarios.forEach(rows(EnumSet.of(Extension.I, Extension.M, Extension.ZICOND)));
  }

  private static void judge(List<Scenario> scenarios) {
    for (Scenario scenario : scenarios) {
      assertEquals("", JUDGE.disagreement(scenario));
    }
  }

  private static List<Opcode> rows(Set<Extension> extensions) {
    return Arrays.stream(Opcode.values())
        .filter(row -> extensions.contains(row.extension()))
        .toList();
  }
}
