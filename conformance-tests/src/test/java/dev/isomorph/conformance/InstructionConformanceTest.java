package dev.isomorph.conformance;

import static dev.isomorph.decoder.Extension.A;
import static dev.isomorph.decoder.Extension.C;
import static dev.isomorph.decoder.Extension.D;
import static dev.isomorph.decoder.Extension.F;
import static dev.isomorph.decoder.Extension.I;
import static dev.isomorph.decoder.Extension.M;
import static dev.isomorph.decoder.Extension.ZAWRS;
import static dev.isomorph.decoder.Extension.ZBA;
import static dev.isomorph.decoder.Extension.ZBB;
import static dev.isomorph.decoder.Extension.ZBC;
import static dev.isomorph.decoder.Extension.ZBS;
import static dev.isomorph.decoder.Extension.ZCB;
import static dev.isomorph.decoder.Extension.ZCMOP;
import static dev.isomorph.decoder.Extension.ZFA;
import static dev.isomorph.decoder.Extension.ZFHMIN;
import static dev.isomorph.decoder.Extension.ZICBOM;
import static dev.isomorph.decoder.Extension.ZICBOP;
import static dev.isomorph.decoder.Extension.ZICBOZ;
import static dev.isomorph.decoder.Extension.ZICOND;
import static dev.isomorph.decoder.Extension.ZICSR;
import static dev.isomorph.decoder.Extension.ZIFENCEI;
import static dev.isomorph.decoder.Extension.ZIHINTPAUSE;
import static dev.isomorph.decoder.Extension.ZIMOP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.EvaluatorWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Every instruction alone: the golden model against the evaluator and against emitted code.
 *
 * <p>One try of a property runs one scenario for each row of its part of the instruction table. The
 * number of tries is jqwik's default, so {@code -Djqwik.tries.default=1000000} makes a campaign.
 */
class InstructionConformanceTest {
  private static final int TRIES = Integer.getInteger("jqwik.tries.default", 1000);

  private static final EngineWitness ENGINE =
      new EngineWitness(
          "emitted code, one instruction a block",
          EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE).withBlockLimit(1));

  private static final Judge JUDGE = new Judge(new EvaluatorWitness(1), ENGINE);

  @Provide
  Arbitrary<List<Scenario>> integer() {
    return each(I, M, ZICOND, ZIMOP);
  }

  @Property
  void integerInstructions(@ForAll("integer") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> compressed() {
    return each(C, ZCB, ZCMOP);
  }

  @Property
  void compressedInstructions(@ForAll("compressed") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> bitManipulation() {
    return each(ZBA, ZBB, ZBC, ZBS);
  }

  @Property
  void bitManipulationInstructions(@ForAll("bitManipulation") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> atomic() {
    return each(A, ZAWRS);
  }

  @Property
  void atomicInstructions(@ForAll("atomic") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> system() {
    return each(ZICSR, ZIFENCEI, ZIHINTPAUSE, ZICBOM, ZICBOP, ZICBOZ);
  }

  @Property
  void systemInstructions(@ForAll("system") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> singleFloat() {
    return each(F);
  }

  @Property
  void singleFloatInstructions(@ForAll("singleFloat") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> doubleFloat() {
    return each(D);
  }

  @Property
  void doubleFloatInstructions(@ForAll("doubleFloat") List<Scenario> scenarios) {
    judge(scenarios);
  }

  @Provide
  Arbitrary<List<Scenario>> additionalFloat() {
    return each(ZFA, ZFHMIN);
  }

  @Property
  void additionalFloatInstructions(@ForAll("additionalFloat") List<Scenario> scenarios) {
    judge(scenarios);
  }

  /** A few scenarios are left out since they do not end; no row may lose many by that. */
  @AfterContainer
  static void everyRowHasBeenJudged() {
    ENGINE.close();
    int least = TRIES - TRIES / 100;
    Map<Opcode, Integer> missing = new TreeMap<>();
    for (Opcode row : Opcode.values()) {
      int cases = JUDGE.judged().getOrDefault(row, 0);
      if (cases < least) {
        missing.put(row, cases);
      }
    }
    assertEquals(Map.of(), missing, "rows with fewer than " + least + " cases");
  }

  private static void judge(List<Scenario> scenarios) {
    for (Scenario scenario : scenarios) {
      assertEquals("", JUDGE.disagreement(scenario));
    }
  }

  private static Arbitrary<List<Scenario>> each(Extension... extensions) {
    List<Extension> wanted = List.of(extensions);
    return Scenarios.forEach(
        Arrays.stream(Opcode.values()).filter(row -> wanted.contains(row.extension())).toList());
  }
}
