package dev.isomorph.hostbackend.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final int MOST_STEPS = 600;

  private static RegionGraph anyRegion(Random random, int size) {
    RiscvAssembler code = RegionLoops.random(random, size);
    RegionGraph graph = random.nextBoolean() ? RegionLoops.region(code) : RegionLoops.from(code);
    if (random.nextInt(3) == 0) {
      graph.busy();
    }
    return graph;
  }

  @Property(tries = 150)
  void valuesOfOnePointHavePlacesOfTheirOwn(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
    RegionGraph graph = anyRegion(new Random(seed), size);
    LiveRanges ranges = new LiveRanges(graph, true);
    Places places = new Places(graph, ranges, true);
    int values = graph.code().size();
    for (int one = 0; one < values; one++) {
      for (int two = 0; two < one; two++) {
        boolean share = places.of(one) != Places.NONE && places.of(one) == places.of(two);
        assertFalse(
            share && ranges.points(one).intersects(ranges.points(two)),
            () -> "two values share a place in\n" + graph);
      }
    }
  }

  @Property(tries = 150)
  void registersAreOfTheType(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
    RegionGraph graph = RegionLoops.region(RegionLoops.random(new Random(seed), size));
    Places places = new Places(graph, new LiveRanges(graph, true), true);
    for (int value = 0; value < graph.code().size(); value++) {
      int place = places.of(value);
      if (place != Places.NONE && RegionSlots.isRegister(place)) {
        boolean isFloat = graph.code().op(value).type() == ValueType.FLOAT;
        int[] all = isFloat ? RegionSlots.XMM_REGISTERS : RegionSlots.GPR_REGISTERS;
        assertTrue(Arrays.stream(all).anyMatch(each -> each == place), "v" + value);
      }
    }
  }

  /** Along any way, whatever is needed is in its place when it is. */
  @Property(tries = 300)
  void placesHoldWhatIsNeeded(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
    Random random = new Random(seed);
    RegionGraph graph = anyRegion(random, size);
    Walk walk = new Walk(graph, random);
    for (int i = 0; i < 5; i++) {
      walk.run();
    }
  }

  /** Follows a region's code, noting which value is in which place. */
  private static final class Walk {
    final RegionGraph graph;
    final IrBlock code;
    final LiveRanges ranges;
    final Places places;
    final Random random;
    final Map<Integer, Integer> held = new HashMap<>();

    Walk(RegionGraph graph, Random random) {
      this.graph = graph;
      this.random = random;
      code = graph.code();
      ranges = new LiveRanges(graph, true);
      places = new Places(graph, ranges, true);
    }

    void run() {
      held.clear();
      RegionNode node = graph.nodes().getFirst();
      int steps = 0;
      while (node != null && steps < MOST_STEPS) {
        steps += node.end() - node.start();
        node = follow(node);
      }
    }

    private RegionNode follow(RegionNode node) {
      boolean isFirst = true;
      for (int id = node.start(); id < node.end(); id++) {
        if (graph.isPhi(id)) {
          continue;
        }
        if (isFirst && node.polls()) {
          assertState(ranges.stateAtEntry(node), id);
        }
        isFirst = false;
        if (ranges.stateAt(id) != null) {
          assertState(ranges.stateAt(id), id);
        }
        IrOp op = code.op(id);
        if (op.effect() != IrOp.Effect.STATE && !ranges.isLate(id)) {
          assertOperands(node, id, op);
        }
        if (op.effect() == IrOp.Effect.EXIT) {
          if (!op.isSideExit() || random.nextBoolean()) {
            return take(graph.edges().get((int) code.imm(id)));
          }
        } else if (node.index() > 0) {
          define(id);
        }
      }
      throw new AssertionError("a node without end");
    }

    private void define(int id) {
      boolean isValue = code.op(id).type() != ValueType.NONE && !ranges.isLate(id);
      if (isValue && places.of(id) != Places.NONE && ranges.isNeeded(id)) {
        held.put(places.of(id), id);
      }
    }

    private void assertOperands(RegionNode node, int id, IrOp op) {
      int[] all = {code.a(id), code.b(id), code.c(id)};
      for (int i = 0; i < op.operands(); i++) {
        // What the node itself has made is at hand.
        boolean isOwn = all[i] >= node.start() && all[i] < node.end() && !graph.isPhi(all[i]);
        if (!isOwn) {
          assertHeld(all[i], id);
        }
      }
    }

    private void assertState(int[] state, int id) {
      for (int slot = 1; slot < StateSlot.FRM; slot++) {
        if (!ranges.isChanged(slot, state)) {
          int there = held.getOrDefault(slot, state[slot]);
          assertEquals(state[slot], there, "x or f " + slot + " is overwritten");
        } else {
          assertHeld(ranges.source(state[slot]), id);
        }
      }
    }

    private void assertHeld(int value, int by) {
      if (!code.isConstant(value)) {
        Supplier<String> where = () -> "v" + value + " for v" + by + " in\n" + graph;
        assertFalse(ranges.isLate(value), where);
        assertTrue(places.of(value) != Places.NONE, where);
        assertEquals(value, held.get(places.of(value)), where);
      }
    }

    private boolean isFromOutside(int id) {
      return code.op(id) == IrOp.GET || code.op(id) == IrOp.GETF;
    }

    private RegionNode take(RegionEdge edge) {
      if (edge.isGuard()) {
        // All is still where it is outside.
        for (int id = edge.from().start(); id < edge.operation(); id++) {
          assertTrue(isFromOutside(id) || places.of(id) == Places.NONE, graph::toString);
        }
        return null;
      }
      if (edge.from().index() == 0) {
        // What comes from outside is moved last.
        for (int id = edge.from().start(); id < edge.operation(); id++) {
          if (!isFromOutside(id)) {
            define(id);
          }
        }
        for (int id = edge.from().start(); id < edge.operation(); id++) {
          if (isFromOutside(id) && ranges.isNeededBy(id, edge.operation())) {
            define(id);
          }
        }
      }
      if (edge.to() == null) {
        assertState(ranges.states().at(edge), edge.operation());
        return null;
      }
      RegionNode to = edge.to();
      Map<Integer, Integer> moved = new HashMap<>();
      for (int id = to.start(); id < to.end() && graph.isPhi(id); id++) {
        if (ranges.isNeeded(id)) {
          assertHeld(ranges.states().input(id, edge), id);
          moved.put(places.of(id), id);
        }
      }
      held.putAll(moved);
      return to;
    }
  }

  @Test
  void aLoopsCounterStaysInOneRegister() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.ADDI, 28, 28, -1).branch(Opcode.BNE, 28, 0, head).ret();
    RegionGraph graph = RegionLoops.region(a);
    LiveRanges ranges = new LiveRanges(graph, true);
    Places places = new Places(graph, ranges, true);
    for (int id = 0; id < graph.code().size(); id++) {
      if (graph.isPhi(id)) {
        assertTrue(RegionSlots.isRegister(places.of(id)));
        for (RegionEdge edge : graph.nodes().get(1).in()) {
          assertEquals(places.of(id), places.of(ranges.states().input(id, edge)));
        }
        return;
      }
    }
    throw new AssertionError("no phi in\n" + graph);
  }

  /**
   * A loop of many rounds has in registers what it uses; one of few uses it where it is outside.
   */
  @Test
  void whatIsEnteredOftenLeavesRegistersWhereTheyAre() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    for (int memory = 24; memory < 32; memory++) {
      a.emit(Opcode.ADD, 10, 10, memory);
    }
    a.branch(Opcode.BNE, 10, 11, head).ret();
    RegionGraph busy = RegionLoops.region(a);
    busy.busy();
    assertEquals(0, movesAtEntry(busy));
    assertNotEquals(0, movesAtEntry(RegionLoops.region(a)));
  }

  private static int movesAtEntry(RegionGraph graph) {
    LiveRanges ranges = new LiveRanges(graph, true);
    Places places = new Places(graph, ranges, true);
    RegionEdge entry = graph.nodes().getFirst().out().getLast();
    int moves = 0;
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      int value = ranges.states().at(entry)[slot];
      boolean isPlaced = value != IrBlock.NONE && places.of(value) != Places.NONE;
      moves += isPlaced && places.of(value) != RegionSlots.outside(slot) ? 1 : 0;
    }
    return moves;
  }

  /**
   * Where they are outside is worth most to both: what is only read, and a register that it goes
   * to.
   */
  @Test
  void whatIsOnlyReadIsNotOverwrittenByWhatItFlowsInto() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label end = new RiscvAssembler.Label();
    a.branch(Opcode.BEQ, 27, 0, end).emit(Opcode.ADDI, 18, 29, 0);
    RiscvAssembler.Label head = a.here();
    a.branch(Opcode.BEQ, 27, 0, end).branch(Opcode.BLTU, 1, 10, head);
    a.bind(end).emit(Opcode.ECALL);
    for (int seed = 0; seed < 20; seed++) {
      RegionGraph graph = RegionLoops.from(a);
      graph.busy();
      new Walk(graph, new Random(seed)).run();
    }
  }

  /** What the region only reads is in the register file all the time. */
  @Test
  void whatIsOnlyReadIsNotKeptForTheState() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.ADD, 10, 10, 28).branch(Opcode.BNE, 10, 29, head).ret();
    RegionGraph graph = RegionLoops.region(a);
    LiveRanges ranges = new LiveRanges(graph, true);
    for (RegionEdge edge : graph.edges()) {
      assertFalse(ranges.isChanged(28, ranges.states().at(edge)));
      assertTrue(ranges.isChanged(10, ranges.states().at(edge)));
    }
  }

  /** Equal values far apart are computed once: all of them live from the first to the last use. */
  private static RegionWriter.Result writeSums(int count) {
    Opcode[] rows = {
      Opcode.SH1ADD, Opcode.SH2ADD, Opcode.SH3ADD, Opcode.SH1ADD_UW, Opcode.SH2ADD_UW, Opcode.ADD_UW
    };
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < count; i++) {
        a.emit(rows[i / 27], 1, 3 + i % 27, 1);
      }
      RiscvAssembler.Label next = new RiscvAssembler.Label();
      a.branch(Opcode.BEQ, 2, 0, next).bind(next);
    }
    return RegionWriter.write(
        RegionLoops.region(a.branch(Opcode.BNE, 1, 0, head).ret()), Addressing.WINDOW, Pass.ALL);
  }

  @Test
  void aRegionThatNeedsTooManyPlacesIsNone() {
    assertNotNull(writeSums(100));
    assertNull(writeSums(145));
  }

  /** A guard leaves with all guest registers where they are outside, whatever it computes. */
  @Test
  void whatGuardsComputeHasNoPlace() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    for (int i = 0; i < 4; i++) {
      a.emit(Opcode.FLW, 8 + i, 4 * i, 10).emit(Opcode.FADD_S, i, i, 8 + i, 0);
    }
    a.emit(Opcode.ADDI, 10, 10, 16).branch(Opcode.BNE, 10, 11, head).ret();
    RegionGraph graph = RegionLoops.region(a);
    Places places = new Places(graph, new LiveRanges(graph, true), true);
    RegionNode entry = graph.nodes().getFirst();
    assertTrue(entry.out().getFirst().isGuard(), graph::toString);
    for (int id = entry.start(); id < entry.out().getFirst().operation(); id++) {
      IrOp op = graph.code().op(id);
      boolean isGuest = op == IrOp.GET || op == IrOp.GETF;
      assertTrue(isGuest || places.of(id) == Places.NONE, graph::toString);
    }
  }
}
