package dev.isomorph.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.coverage.Coverage;
import dev.isomorph.conformance.coverage.CoverageReport;
import dev.isomorph.conformance.generate.BatteryGenerator;
import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.conformance.witness.EvaluatorWitness;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.conformance.witness.MachineWitness;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.hostbackend.CpuFeatures.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the instruction table alone: the golden model against the evaluator and against
 * emitted code, with and without the optimiser, as regions and for a whole machine, on many random
 * states. Which corners were met is written to {@code target/conformance}; where one was not, the
 * row fails.
 *
 * <p>System properties make a campaign of it: {@code isomorph.conformance.cases} is the number of
 * cases per row, 10,000 by default; another {@code isomorph.conformance.seed} gives other cases,
 * and {@code isomorph.conformance.rows} names the rows to judge, by commas, so that a campaign can
 * be spread over machines.
 */
class InstructionConformanceTest {
  /** Illegal in a process whatever their operands are, of which no corner can be met. */
  private static final Set<Opcode> ILLEGAL_WITH_OPERANDS =
      EnumSet.of(Opcode.SFENCE_VMA, Opcode.SINVAL_VMA);

  private static final int USUAL_CASES = 10_000;
  private static final long CASES = Long.getLong("isomorph.conformance.cases", USUAL_CASES);
  private static final long SEED = Long.getLong("isomorph.conformance.seed", 0);

  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE);
  private static final EngineWitness PLAIN =
      new EngineWitness(
          "emitted code, not optimised, one instruction a block",
          OPTIONS.withOptimise(false).withBlockLimit(1));
  private static final EngineWitness OPTIMISED =
      new EngineWitness("emitted code, optimised", OPTIONS);
  private static final EngineWitness QUICK =
      new EngineWitness("code put together quickly", OPTIONS.withQuickFrom(0));
  private static final EngineWitness PREPARED = MadeBeforehand.witness(OPTIONS);
  private static final EngineWitness REGIONS =
      new EngineWitness("regions", OPTIONS.withRegions(EngineOptions.Regions.ALWAYS));
  private static final MachineWitness MACHINE = new MachineWitness("code of a machine", OPTIONS);
  private static final EngineWitness OLD_PROCESSOR =
      new EngineWitness(
          "emitted code for a processor without BMI, LZCNT and FMA",
          OPTIONS.withoutFeatures(
              EnumSet.of(Feature.BMI1, Feature.BMI2, Feature.LZCNT, Feature.FMA)));
  private static final Judge JUDGE =
      new Judge(
          new EvaluatorWitness(1, false),
          new EvaluatorWitness(OPTIONS.blockLimit(), true),
          PLAIN,
          OPTIMISED,
          QUICK,
          PREPARED,
          REGIONS,
          MACHINE,
          OLD_PROCESSOR);

  private static final List<Coverage> COVERAGE = new ArrayList<>();

  private static List<Opcode> rows() {
    String names = System.getProperty("isomorph.conformance.rows");
    return names == null
        ? List.of(Opcode.values())
        : Arrays.stream(names.split(",")).map(Opcode::valueOf).toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void agreesWithTheGoldenModel(Opcode row) {
    Shape shape = Shape.of(row);
    Coverage coverage = new Coverage(shape);
    COVERAGE.add(coverage);
    Random random = new Random(SEED << 32 ^ row.name().hashCode());
    BatteryGenerator generator = new BatteryGenerator(shape, random);
    while (coverage.cases() < CASES) {
      String disagreement =
          JUDGE.disagreement(
              generator.battery(),
              (scenario, result, lastStarted) -> {
                if (lastStarted) {
                  coverage.note(scenario, result);
                }
              });
      assertEquals("", disagreement);
    }
    if (CASES >= USUAL_CASES && !ILLEGAL_WITH_OPERANDS.contains(row)) {
      assertEquals(Set.of(), coverage.missing(), "corners that were not met");
    }
  }

  @AfterAll
  static void close() throws IOException {
    PLAIN.close();
    OPTIMISED.close();
    QUICK.close();
    PREPARED.close();
    REGIONS.close();
    MACHINE.close();
    OLD_PROCESSOR.close();
    new CoverageReport(COVERAGE).write(Path.of("target", "conformance"));
  }
}
