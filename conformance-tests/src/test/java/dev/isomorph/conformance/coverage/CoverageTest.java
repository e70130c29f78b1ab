package dev.isomorph.conformance.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.conformance.generate.BatteryGenerator;
import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.witness.Judge;
import dev.isomorph.decoder.Opcode;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static Set<Corner> applicable(Opcode row) {
    return new Coverage(Shape.of(row)).applicable();
  }

  @Test
  void cornersApplyByTheKindsOfOperands() {
    Set<Corner> add = applicable(Opcode.ADD);
    assertTrue(add.containsAll(EnumSet.of(Corner.LEAST, Corner.X0, Corner.ALL_THE_SAME)));
    assertFalse(add.contains(Corner.IMMEDIATE_ZERO));
    assertFalse(add.contains(Corner.SIGNALLING_NAN));
    Set<Corner> multiplyAdd = applicable(Opcode.FMADD_S);
    assertTrue(
        multiplyAdd.containsAll(
            EnumSet.of(
                Corner.WRONGLY_BOXED,
                Corner.ALL_FOUR_THE_SAME,
                Corner.DYNAMIC_RESERVED_7,
                Corner.UNDERFLOW)));
    assertFalse(multiplyAdd.contains(Corner.DIVISION_BY_ZERO));
    assertFalse(applicable(Opcode.FADD_D).contains(Corner.WRONGLY_BOXED));
    assertFalse(applicable(Opcode.AMOADD_W).contains(Corner.CROSSING_PAGES));
    assertFalse(applicable(Opcode.LB).contains(Corner.MISALIGNED));
  }

  @Test
  void compressedRowsHaveWhatTheirEncodingsAllow() {
    assertFalse(applicable(Opcode.C_SUB).contains(Corner.X0), "x8 to x15 only");
    assertTrue(applicable(Opcode.C_SUB).contains(Corner.ALL_THE_SAME));
    assertFalse(applicable(Opcode.C_ADDI4SPN).contains(Corner.IMMEDIATE_ZERO));
    assertFalse(applicable(Opcode.C_LI).contains(Corner.MINUS_ONE), "rs1 is always x0");
  }

  @Test
  void everyCornerAppliesSomewhere() {
    Set<Corner> applicable = EnumSet.noneOf(Corner.class);
    for (Opcode row : Opcode.values()) {
      applicable.addAll(applicable(row));
    }
    assertEquals(EnumSet.allOf(Corner.class), applicable);
  }

  private static Coverage after(int batteries) {
    Shape shape = Shape.of(Opcode.DIV);
    Coverage coverage = new Coverage(shape);
    BatteryGenerator generator = new BatteryGenerator(shape, new Random(1));
    Judge judge = new Judge();
    for (int i = 0; i < batteries; i++) {
      judge.disagreement(
          generator.battery(), (scenario, result, last) -> coverage.note(scenario, result));
    }
    return coverage;
  }

  @Test
  void cornersAreMissingUntilMetAtEveryOperand() {
    Coverage few = after(1);
    assertTrue(few.cases() > 0 && few.cases() <= BatteryGenerator.CASES);
    assertTrue(few.missing().contains(Corner.X0), "rd, rs1 and rs2 in one encoding");
    assertEquals(Set.of(), after(400).missing());
  }

  @Test
  void reportsTell() {
    CoverageReport report = new CoverageReport(List.of(after(1)));
    List<String> lines = report.text().lines().toList();
    assertTrue(lines.get(1).matches("div +[0-9]+ +[0-9]+/[0-9]+  .*x0.*"), lines.get(1));
    assertTrue(lines.get(2).matches("[0-9]+ cases of 1 of [0-9]+ instructions"), lines.get(2));
    assertTrue(report.json().startsWith("[\n{\"instruction\": \"div\", \"cases\": "));
    assertTrue(report.html().contains("<tr><th>div<td>"));
  }
}
