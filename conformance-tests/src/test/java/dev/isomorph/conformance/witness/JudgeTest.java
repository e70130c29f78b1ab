package dev.isomorph.conformance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.generate.BatteryGenerator;
import dev.isomorph.conformance.generate.SequenceGenerator;
import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.EngineOptions;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** A witness with a planted bug is found out, and the report is short and complete. */
class JudgeTest {
  private static final Judge.Listener NOBODY = (scenario, result, lastStarted) -> {};

  /** Emitted code, except that it gets some instructions wrong. */
  private static final class Broken implements Witness, AutoCloseable {
    private final EngineWitness sound =
        new EngineWitness(
            "a broken witness", EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE));
    private final BiPredicate<Instruction, long[]> bug;

    /**
     * @param bug whether an instruction goes wrong when run from these integer registers
     */
    Broken(BiPredicate<Instruction, long[]> bug) {
      this.bug = bug;
    }

    @Override
    public String name() {
      return sound.name();
    }

    @Override
    public void load(Scenario scenario) {
      sound.load(scenario);
    }

    @Override
    public Observation run(Scenario scenario) {
      Observation found = sound.run(scenario);
      for (Instruction i : scenario.instructions()) {
        if (bug.test(i, scenario.x())) {
          found.x()[i.rd()] ^= 1L << 40;
        }
      }
      return found;
    }

    @Override
    public String listing(Scenario scenario) {
      return sound.listing(scenario);
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  private static String find(Opcode row, BiPredicate<Instruction, long[]> bug) {
    BatteryGenerator generator = new BatteryGenerator(Shape.of(row), new Random(1));
    try (Broken broken = new Broken(bug)) {
      Judge judge = new Judge(broken);
      String report = "";
      for (int tries = 0; tries < 1000 && report.isEmpty(); tries++) {
        report = judge.disagreement(generator.battery(), NOBODY);
      }
      return report;
    }
  }

  private static boolean isBug(Instruction i, long[] x) {
    boolean isAliased = i.rd() != 0 && i.rd() == i.rs2() && i.rd() != i.rs1();
    return i.opcode() == Opcode.SUB && isAliased && x[i.rs1()] > 0 && (int) x[i.rs1()] < 0;
  }

  @Test
  void theStateIsMadeSimple() {
    List<String> lines = find(Opcode.SUB, JudgeTest::isBug).lines().toList();
    assertEquals("golden model and a broken witness disagree:", lines.get(1));
    int start = lines.indexOf("initial state (the rest is zero):");
    assertEquals("program:", lines.get(start - 2));
    assertTrue(lines.get(start - 1).matches("  +[0-9a-f]+: [0-9a-f]{8}  sub .*"));
    // Of the register that matters one bit is left, and of the others none.
    assertTrue(lines.get(start + 1).endsWith(" = 0x80000000"), lines.get(start + 1));
    assertEquals("final state of golden model:", lines.get(start + 2));
  }

  @Test
  void theReportHasAllThatIsNeeded() {
    String report = find(Opcode.SUB, JudgeTest::isBug);
    int at = 0;
    for (String part :
        List.of(
            "program:",
            "initial state",
            "final state of golden model:",
            "  Breakpoint[]",
            "  pc = 0x",
            " = 0x80000000",
            "final state of a broken witness:",
            " = 0x10080000000",
            "run as:",
            "as lifted:",
            "optimised:",
            "host code:")) {
      int next = report.indexOf(part, at);
      assertTrue(next >= 0, part + " is missing or out of order in " + report);
      at = next;
    }
  }

  @Test
  void theProgramIsMadeShort() {
    SequenceGenerator generator = new SequenceGenerator(new Random(3));
    try (Broken broken = new Broken((i, x) -> i.opcode() == Opcode.XOR && i.rd() != 0)) {
      Judge judge = new Judge(broken);
      String report = "";
      while (report.isEmpty()) {
        report = judge.disagreement(generator.scenario());
      }
      List<String> lines = report.lines().toList();
      int program = lines.indexOf("program:");
      assertTrue(lines.get(program + 1).contains("xor "), report);
      assertEquals("initial state (the rest is zero):", lines.get(program + 2));
      assertEquals("final state of golden model:", lines.get(program + 3));
    }
  }

  /** What depends on the states before cannot be made simpler, but is told. */
  @Test
  void aDependenceOnEarlierStatesIsTold() {
    int[] runs = new int[1];
    String report = find(Opcode.ADD, (i, x) -> i.rd() != 0 && runs[0]++ == 7);
    assertTrue(report.startsWith("\nonly after the 7 other states of the program"), report);
  }

  @Test
  void soundWitnessesAgree() {
    assertEquals("", find(Opcode.ADD, (i, x) -> false));
    int[] add = {Encoder.encode(Opcode.ADD, 1, 2, 3)};
    Scenario scenario = new Scenario(Layout.CODE, add, new long[32], new long[32], 0, 0);
    try (Broken broken = new Broken((i, x) -> true)) {
      assertTrue(new Judge(broken).disagreement(scenario).contains("x1 = 0x0 but 0x10000000000"));
    }
  }
}
