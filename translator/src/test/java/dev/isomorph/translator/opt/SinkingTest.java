package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A product in an inner loop that is left in its middle, for what stands behind that. */
class SinkingTest {
  private static final int POLLS = 20;
  private static final int LOOPS = 4000;

  private static RegionGraph region(RiscvAssembler code, Set<Pass> passes) {
    RegionGraph graph = TestRegion.of(code, passes);
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return graph;
  }

  /** How many loops the product is in, once all is seen to end as it did. */
  private static int depth(Consumer<RiscvAssembler> before, Consumer<RiscvAssembler> behind) {
    return depth(before, behind, Pass.ALL);
  }

  private static int depth(
      Consumer<RiscvAssembler> before, Consumer<RiscvAssembler> behind, Set<Pass> passes) {
    RiscvAssembler code = new RiscvAssembler();
    Label outer = code.here();
    code.emit(Opcode.ADDI, A7, A7, 1);
    Label inner = code.here();
    Label out = new Label();
    code.emit(Opcode.ADDI, A1, A1, -3).emit(Opcode.MUL, A2, A1, A3);
    before.accept(code);
    code.branch(Opcode.BLT, A1, A4, out);
    behind.accept(code);
    code.branch(Opcode.BNE, A1, 0, inner).ret();
    code.bind(out).emit(Opcode.XOR, A0, A0, A2).emit(Opcode.ADDI, A1, A5, 100);
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, outer).ret();
    RegionGraph graph = region(code, passes);
    RegionGraph plain = region(code, EnumSet.noneOf(Pass.class));
    for (long seed = 0; seed < 40; seed++) {
      assertEquals(
          new RegionMachine(plain, seed).run(POLLS),
          new RegionMachine(graph, seed).run(POLLS),
          graph::toString);
    }
    List<Integer> products = TestRegion.all(graph, IrOp.MUL);
    assertEquals(1, products.size(), graph::toString);
    return graph.nodeOf(products.getFirst()).depth();
  }

  private static void nothing(RiscvAssembler code) {}

  private static void writeAgain(RiscvAssembler code) {
    code.emit(Opcode.ADDI, A2, 0, 7);
  }

  @Test
  void isMadeBehindTheLoop() {
    assertEquals(1, depth(SinkingTest::nothing, SinkingTest::writeAgain));
  }

  @Test
  void staysWhereItsRegisterMayBeAskedFor() {
    assertEquals(2, depth(SinkingTest::nothing, SinkingTest::nothing));
    assertEquals(2, depth(code -> code.emit(Opcode.LD, A6, 0, SP), SinkingTest::writeAgain));
    assertEquals(
        2,
        depth(
            SinkingTest::nothing,
            code -> code.emit(Opcode.LD, A6, 0, SP).emit(Opcode.ADDI, A2, 0, 7)));
  }

  @Test
  void staysWhereTheLoopUsesIt() {
    assertEquals(2, depth(code -> code.emit(Opcode.ADD, A4, A4, A2), SinkingTest::writeAgain));
  }

  /** What it is made of goes with it, if nobody else wants that. */
  @Test
  void isMadeWithWhatItIsMadeOf() {
    assertEquals(1, depth(code -> code.emit(Opcode.XOR, A2, A2, A1), SinkingTest::writeAgain));
  }

  @Test
  void staysWithoutThePass() {
    Set<Pass> others = Pass.without(Pass.ALL, Pass.SINKING);
    assertEquals(2, depth(SinkingTest::nothing, SinkingTest::writeAgain, others));
  }

  /** Random loops in a loop, with exits that few lead to, end as before. */
  @Test
  void randomLoopsEndAsBefore() {
    int moved = 0;
    for (long seed = 0; seed < LOOPS; seed++) {
      RiscvAssembler code = random(new Random(seed));
      RegionGraph graph = region(code, Pass.without(Pass.ALL, Pass.SINKING));
      if (Sinking.move(graph)) {
        moved++;
        RegionGraph plain = region(code, EnumSet.noneOf(Pass.class));
        for (long state = 1; state < 16; state += 2) {
          for (int polls = 0; polls < POLLS; polls += 3) {
            assertEquals(
                new RegionMachine(plain, state).run(polls),
                new RegionMachine(graph, state).run(polls),
                graph::toString);
          }
        }
      }
    }
    assertTrue(moved > LOOPS / 50, "only " + moved);
  }

  private static RiscvAssembler random(Random random) {
    RiscvAssembler code = new RiscvAssembler();
    Label outer = code.here();
    some(random, code);
    Label inner = code.here();
    Label[] out = {new Label(), new Label()};
    for (Label each : out) {
      some(random, code);
      code.branch(Opcode.BLT, any(random), any(random), each);
    }
    some(random, code);
    code.branch(Opcode.BNE, any(random), any(random), inner).ret();
    for (Label each : out) {
      code.bind(each);
      some(random, code);
      code.branch(Opcode.BNE, any(random), any(random), outer);
    }
    return code.ret();
  }

  private static void some(Random random, RiscvAssembler code) {
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> code.emit(Opcode.ADDI, any(random), 0, random.nextInt(9));
        case 1 -> code.emit(Opcode.ADDI, any(random), any(random), 3);
        case 2 -> {
          int base = random.nextInt(4) == 0 ? any(random) : SP;
          code.emit(Opcode.LD, any(random), 8 * random.nextInt(3), base);
        }
        case 3 -> code.emit(Opcode.SLLIW, any(random), any(random), 2);
        default -> code.emit(Opcode.XOR, any(random), any(random), any(random));
      }
    }
  }

  private static int any(Random random) {
    return A1 + random.nextInt(5);
  }
}
