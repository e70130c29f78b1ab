package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An access is told by its displacement, and by the operation that makes its address. */
class DisplacementsTest {
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  private List<String> accesses(IrOp op) {
    code.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    IrBlock block = graph.code();
    return TestRegion.all(graph, op).stream()
        .map(id -> block.op(block.a(id)) + " " + block.imm(id))
        .toList();
  }

  @Test
  void whatOnlyAddressesWantIsPartOfThem() {
    code.emit(Opcode.ADDI, A1, A0, 16).emit(Opcode.SD, 0, 8, A1).emit(Opcode.SD, 0, -8, A1);
    code.emit(Opcode.ADDI, A1, 0, 0);
    assertEquals(List.of("GET 24", "GET 8"), accesses(IrOp.ST64));
  }

  @Test
  void sumsOfSumsAreSumsOfWhatIsFirst() {
    code.emit(Opcode.ADDI, A1, A0, 16).emit(Opcode.SD, 0, 0, A1);
    code.emit(Opcode.ADDI, A1, A1, 16).emit(Opcode.SD, 0, 0, A1);
    code.emit(Opcode.ADDI, A1, 0, 0);
    assertEquals(List.of("GET 16", "GET 32"), accesses(IrOp.ST64));
  }

  @Test
  void whatGoesRoundIsComputed() {
    code.emit(Opcode.ADDI, A0, A0, 8).emit(Opcode.SD, 0, 0, A0);
    assertEquals(List.of("ADD 0"), accesses(IrOp.ST64));
  }

  @Test
  void whatGoesRoundIsComputedOfWhatItWasAtFirst() {
    code.emit(Opcode.ADDI, A0, A0, 8).emit(Opcode.SD, 0, 0, A0);
    code.emit(Opcode.ADDI, A0, A0, 8).emit(Opcode.SW, 0, 0, A0);
    assertEquals(List.of("GET 8"), accesses(IrOp.ST64));
  }

  @Test
  void whatIsStoredIsComputed() {
    code.emit(Opcode.ADDI, A1, A0, 16).emit(Opcode.SD, A1, 8, A1);
    code.emit(Opcode.ADDI, A1, 0, 0);
    assertEquals(List.of("ADD 8"), accesses(IrOp.ST64));
  }

  @Test
  void whatIsAddedToIsComputed() {
    code.emit(Opcode.ADDI, A1, A0, 16).emit(Opcode.SD, 0, 8, A1).emit(Opcode.ADD, A1, A1, A1);
    code.emit(Opcode.SD, A1, 0, A0).emit(Opcode.ADDI, A1, 0, 0);
    assertEquals(List.of("ADD 8", "GET 0"), accesses(IrOp.ST64));
  }

  @Test
  void displacementsStaySmall() {
    code.emit(Opcode.ADDI, A1, A0, 2000).emit(Opcode.SD, 0, 48, A1).emit(Opcode.SW, 0, 0, A1);
    code.emit(Opcode.ADDI, A1, 0, 0);
    assertEquals(List.of("ADD 48"), accesses(IrOp.ST64));
  }
}
