package dev.isomorph.translator.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.opt.RegionOptimizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionPrinterTest {
  private static final int A0 = 10;

  /** A loop that counts a0 down, and what follows it. */
  private static RegionGraph countdown() {
    RiscvAssembler code = new RiscvAssembler();
    RiscvAssembler.Label head = code.here();
    code.emit(Opcode.ADDI, A0, A0, -1).branch(Opcode.BNE, A0, 0, head).ret();
    return TestRegion.of(code);
  }

  private static List<String> lines(RegionGraph graph) {
    RegionPrinter printer = new RegionPrinter(graph);
    List<String> lines = new ArrayList<>();
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        lines.add(printer.operation(node, id));
      }
    }
    return lines;
  }

  @Test
  void saysWhereValuesComeFromAndWhereExitsLead() {
    RegionGraph graph = countdown();
    List<String> lines = lines(graph);
    assertTrue(lines.stream().anyMatch(line -> line.matches("v\\d+ = GET x10")), lines.toString());
    assertTrue(lines.contains("JUMP to node 1"), lines.toString());
    assertTrue(
        lines.stream()
            .anyMatch(
                line -> line.matches("v\\d+ = PHI x10: v\\d+ from node 0, v\\d+ from node 1")),
        lines.toString());
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("EXIT_NE v\\d+, v\\d+ to node 1")),
        lines.toString());
    assertTrue(
        lines.getLast().matches("(JUMP leaves for 0x1008|RETURN v\\d+ leaves)"), lines.toString());
  }

  @Test
  void isToldOfEachPass() {
    RegionGraph graph = countdown();
    List<String> passes = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    RegionOptimizer.optimise(
        graph,
        Pass.ALL,
        (pass, now) -> {
          passes.add(pass);
          sizes.add(now.code().size());
        });
    assertEquals("simplified", passes.getFirst());
    assertEquals("dead code removed", passes.getLast());
    assertEquals(graph.code().size(), sizes.getLast());
  }
}
