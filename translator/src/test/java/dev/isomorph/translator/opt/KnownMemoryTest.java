package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loops that access memory more than once: which loads are left. */
class KnownMemoryTest {
  private static final int S0 = 8;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A3 = 13;
  private static final int A4 = 14;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  private RegionGraph optimised() {
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    return graph;
  }

  private void assertLeft(int expected, IrOp load) {
    RegionGraph graph = optimised();
    assertEquals(expected, TestRegion.all(graph, load).size(), graph::toString);
  }

  @Test
  void whatHasBeenLoadedIsNotLoadedAgain() {
    code.emit(Opcode.LW, A0, 8, A4).emit(Opcode.LW, A1, 8, A4);
    assertLeft(1, IrOp.LD32S);
  }

  @Test
  void whatHasBeenStoredIsNotLoaded() {
    code.emit(Opcode.SD, A0, 8, A4).emit(Opcode.LD, A1, 8, A4);
    assertLeft(0, IrOp.LD64);
  }

  @Test
  void aPartThatHasBeenStoredIsExtended() {
    code.emit(Opcode.SB, A0, 8, A4).emit(Opcode.LBU, A1, 8, A4);
    RegionGraph graph = optimised();
    assertEquals(0, TestRegion.all(graph, IrOp.LD8U).size(), graph::toString);
    assertEquals(1, TestRegion.all(graph, IrOp.ZEXT8).size(), graph::toString);
  }

  @Test
  void aStoreBesideChangesNothing() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SD, A2, 16, A4).emit(Opcode.LD, A1, 8, A4);
    assertLeft(1, IrOp.LD64);
  }

  @Test
  void displacementsAreAddedUp() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.ADDI, A3, A4, -16);
    code.emit(Opcode.SD, A2, 16, A3).emit(Opcode.LD, A1, 24, A3);
    assertLeft(1, IrOp.LD64);
  }

  @Test
  void aStoreThatOverlapsDoes() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SB, A2, 15, A4).emit(Opcode.LD, A1, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void aStoreSomewhereDoes() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SD, A2, 64, A3).emit(Opcode.LD, A1, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void anotherWidthIsLoaded() {
    code.emit(Opcode.SD, A0, 8, A4).emit(Opcode.LW, A1, 8, A4);
    assertLeft(1, IrOp.LD32S);
  }

  /** Another hart may store between two loads; what the first one gave is old then. */
  @Test
  void whatANarrowerLoadMayHaveSeenToBeNewerIsLoaded() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.LW, A1, 12, A4).emit(Opcode.LD, A2, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void whatAWiderLoadMayHaveSeenToBeNewerIsLoaded() {
    code.emit(Opcode.LBU, A0, 9, A4).emit(Opcode.LD, A1, 8, A4).emit(Opcode.LBU, A2, 9, A4);
    assertLeft(2, IrOp.LD8U);
  }

  @Test
  void whatALoadSomewhereMayHaveSeenToBeNewerIsLoaded() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.LBU, A1, 64, A3).emit(Opcode.LD, A2, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void whatWasStoredIsLoadedWhereAnotherLoadMayHaveSeenSomethingNewer() {
    code.emit(Opcode.SD, A0, 8, A4).emit(Opcode.LW, A1, 8, A4).emit(Opcode.LD, A2, 8, A4);
    assertLeft(1, IrOp.LD64);
  }

  @Test
  void loadsOfWhatIsKnownAndLoadsBesideChangeNothing() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.LD, A1, 16, A4).emit(Opcode.LBU, A2, 7, A4);
    code.emit(Opcode.LD, A2, 16, A4).emit(Opcode.LD, A3, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void aFenceOrdersLoads() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.FENCE, 3, 3).emit(Opcode.LD, A1, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void anAtomicAccessOrdersLoads() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.AMOADD_W, A2, A1, A3).emit(Opcode.LD, A1, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void behindABranchItIsKnownAndWhereWaysMeetItIsNot() {
    RiscvAssembler.Label then = new RiscvAssembler.Label();
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    code.emit(Opcode.LD, A0, 8, A4);
    code.branch(Opcode.BEQ, A2, A3, then);
    code.emit(Opcode.LD, A1, 8, A4); // Known.
    code.jump(join);
    code.bind(then);
    code.emit(Opcode.LD, A1, 8, A4).emit(Opcode.LBU, A0, 16, A4); // Known.
    code.bind(join);
    code.emit(Opcode.LD, A2, 8, A4); // Not known.
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void theNextRoundLoadsAnew() {
    code.emit(Opcode.LD, A0, 8, A4);
    assertLeft(1, IrOp.LD64);
  }

  @Test
  void aDoubleThatHasBeenStoredIsNotLoaded() {
    code.emit(Opcode.FSD, 1, 8, A4).emit(Opcode.FLD, 2, 8, A4);
    assertLeft(0, IrOp.LDF_D);
  }

  @Test
  void whatIsStoredFromTheOtherRegistersIsLoaded() {
    code.emit(Opcode.SD, A0, 8, A4).emit(Opcode.FLD, 2, 8, A4);
    code.emit(Opcode.FSD, 1, 16, A4).emit(Opcode.LD, A1, 16, A4);
    code.emit(Opcode.SW, A0, 24, A4).emit(Opcode.FLW, 3, 24, A4);
    RegionGraph graph = optimised();
    for (IrOp load : List.of(IrOp.LDF_D, IrOp.LD64, IrOp.LDF_S)) {
      assertEquals(1, TestRegion.all(graph, load).size(), graph::toString);
    }
  }

  @Test
  void halvesAndWordsThatHaveBeenStoredAreExtended() {
    code.emit(Opcode.SH, A0, 8, A4).emit(Opcode.LH, A1, 8, A4).emit(Opcode.SD, A1, 32, A4);
    code.emit(Opcode.SW, A2, 16, A4).emit(Opcode.LWU, A1, 16, A4).emit(Opcode.SD, A1, 40, A4);
    RegionGraph graph = optimised();
    for (IrOp load : List.of(IrOp.LD16S, IrOp.LD32U)) {
      assertEquals(0, TestRegion.all(graph, load).size(), graph::toString);
    }
    for (IrOp extension : List.of(IrOp.SEXT16, IrOp.ZEXT32)) {
      assertEquals(1, TestRegion.all(graph, extension).size(), graph::toString);
    }
  }

  @Test
  void theLatestLoadIsKnownAndOthersStayKnown() {
    // The double takes the place of what was stored there, and of nothing else.
    code.emit(Opcode.LD, A3, 16, A4).emit(Opcode.SD, A0, 8, A4);
    code.emit(Opcode.FLD, 1, 8, A4).emit(Opcode.FLD, 2, 8, A4).emit(Opcode.LD, A1, 16, A4);
    RegionGraph graph = optimised();
    assertEquals(1, TestRegion.all(graph, IrOp.LDF_D).size(), graph::toString);
    assertEquals(1, TestRegion.all(graph, IrOp.LD64).size(), graph::toString);
  }

  @Test
  void aStoreUpToWhereItStartsChangesNothing() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SD, A2, 0, A4).emit(Opcode.LD, A1, 8, A4);
    assertLeft(1, IrOp.LD64);
  }

  @Test
  void aStoreThatOverlapsFromBelowDoes() {
    code.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SD, A2, 1, A4).emit(Opcode.LD, A1, 8, A4);
    assertLeft(2, IrOp.LD64);
  }

  @Test
  void displacementsThatAreLargeAreNotAddedUp() {
    for (long distance : new long[] {(1L << 32) - 1, 1L << 32}) {
      RiscvAssembler a = new RiscvAssembler();
      RiscvAssembler.Label loop = a.here();
      a.li(A3, distance).emit(Opcode.ADD, A3, A3, A4);
      a.emit(Opcode.LD, A0, 8, A4).emit(Opcode.SD, A2, 0, A3).emit(Opcode.LD, A1, 8, A4);
      a.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, loop).ret();
      RegionGraph graph = TestRegion.of(a);
      RegionOptimizer.optimise(graph);
      boolean isFar = distance == 1L << 32;
      assertEquals(isFar ? 2 : 1, TestRegion.all(graph, IrOp.LD64).size(), graph::toString);
    }
  }
}
