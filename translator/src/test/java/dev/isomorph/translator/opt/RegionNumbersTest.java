package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.A5;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.SP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A word that an inner loop copies by bytes to where an outer one has made the address of. */
class RegionNumbersTest {
  private static final List<Integer> BYTES = List.of(A2, A3, A4, A5);

  private static RegionGraph region(Set<Pass> passes) {
    RiscvAssembler code = new RiscvAssembler();
    RiscvAssembler.Label outer = code.here();
    code.emit(Opcode.ADDI, A0, SP, 12);
    RiscvAssembler.Label inner = code.here();
    for (int i = 0; i < BYTES.size(); i++) {
      code.emit(Opcode.LBU, BYTES.get(i), i, A1);
    }
    for (int i = 0; i < BYTES.size(); i++) {
      code.emit(Opcode.SB, BYTES.get(i), i, A0);
    }
    code.emit(Opcode.LW, A2, 12, SP).emit(Opcode.ADDI, A1, A1, 4);
    code.branch(Opcode.BNE, A2, 0, inner);
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, outer).ret();
    RegionGraph graph = TestRegion.of(code, passes);
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return graph;
  }

  private static void assertHas(RegionGraph graph, IrOp op, int count) {
    assertEquals(count, TestRegion.all(graph, op).size(), graph::toString);
  }

  @Test
  void isLoadedAndStoredOnce() {
    RegionGraph graph = region(Pass.ALL);
    assertHas(graph, IrOp.LD8U, 0);
    assertHas(graph, IrOp.ST8, 0);
    assertHas(graph, IrOp.LD32S, 0);
    assertNotEquals(0, TestRegion.all(graph, IrOp.LD32U).size());
    assertEquals(TestRegion.all(graph, IrOp.LD32U).size(), TestRegion.all(graph, IrOp.ST32).size());
  }

  @Test
  void isLoadedAndStoredByBytesWithout() {
    RegionGraph graph = region(EnumSet.complementOf(EnumSet.of(Pass.STORED_PIECES)));
    int copies = TestRegion.all(graph, IrOp.LD32S).size();
    assertNotEquals(0, copies);
    assertHas(graph, IrOp.LD8U, 4 * copies);
    assertHas(graph, IrOp.ST8, 4 * copies);
  }
}
