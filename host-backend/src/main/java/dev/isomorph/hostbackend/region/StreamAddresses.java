package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.opt.NaturalLoops;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What is known of the addresses of a region's accesses: where they are the same, and how they
 * move.
 */
final class StreamAddresses {
  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;

  /** The larger ones first. */
  private final List<NaturalLoops.Loop> loops;

  /** An access, and the node it is in. */
  record Access(int id, int bytes, RegionNode node) {
    /** How many loops it is part of. */
    int depth() {
      return node.depthAt(id);
    }
  }

  StreamAddresses(RegionGraph graph, RegionStates states) {
    this.graph = graph;
    this.states = states;
    code = graph.code();
    loops = new ArrayList<>(NaturalLoops.of(graph));
    loops.sort((a, b) -> Integer.compare(b.nodes().cardinality(), a.nodes().cardinality()));
  }

  /** The accesses that may belong to streams. */
  List<Access> accesses() {
    List<Access> found = new ArrayList<>();
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        int bytes = code.op(id).accessedBytes();
        if (bytes > 0 && Math.abs(code.imm(id)) + bytes <= PageStream.FARTHEST) {
          found.add(new Access(id, bytes, node));
        }
      }
    }
    return found;
  }

  /** The loops that an access is in, the larger ones first. */
  List<NaturalLoops.Loop> loopsAround(Access access) {
    List<NaturalLoops.Loop> found = new ArrayList<>();
    for (NaturalLoops.Loop loop : loops) {
      if (loop.nodes().get(access.node().index())) {
        found.add(loop);
      }
    }
    return found;
  }

  /** A number of a loop and an address; {@code loop} may be null. */
  static long key(NaturalLoops.Loop loop, int base) {
    long number = loop == null ? 0 : 1L + loop.head().index();
    return number << Integer.SIZE | base;
  }

  /** The value that an access's address is, but for its displacement. */
  int base(Access access) {
    return code.a(access.id());
  }

  boolean stores(Access access) {
    return code.op(access.id()).effect() == IrOp.Effect.MEMORY_WRITE;
  }

  boolean isConstant(int value) {
    return code.isConstant(value);
  }

  /** Whether a value is the same as long as the region runs. */
  boolean isFixed(int value) {
    return code.isConstant(value) || graph.nodeOf(value).isEntry();
  }

  /** Whether a value is made in a loop. */
  boolean isInside(int value, NaturalLoops.Loop loop) {
    return loop.nodes().get(graph.nodeOf(value).index());
  }

  /**
   * By how much each round moves an address, one of the steps if there are several of one sign; 0
   * if that is not known.
   */
  long step(int base, NaturalLoops.Loop loop) {
    if (!graph.isPhi(base) || graph.nodeOf(base) != loop.head()) {
      return 0;
    }
    long step = 0;
    for (RegionEdge edge : loop.head().in()) {
      if (loop.nodes().get(edge.from().index())) {
        long next = distance(states.input(base, edge), base);
        boolean isOther = step != 0 && Long.signum(step) != Long.signum(next);
        if (next == 0 || isOther || Math.abs(next) > PageStream.LONGEST_STEP) {
          return 0;
        }
        step = next;
      }
    }
    return step;
  }

  /** What has been added to one value for another; 0 if that is not a constant. */
  private long distance(int value, int from) {
    long sum = 0;
    int at = value;
    while (at != from) {
      boolean isSum = code.op(at) == IrOp.ADD && code.isConstant(code.b(at));
      if (!isSum || Math.abs(code.imm(code.b(at))) > PageStream.LONGEST_STEP) {
        return 0;
      }
      sum += code.imm(code.b(at));
      at = code.a(at);
    }
    return sum;
  }

  /** Whether a loop does not go round without an access. */
  static boolean isOnEveryWay(Access access, NaturalLoops.Loop loop) {
    RegionNode node = access.node();
    for (RegionEdge edge : node.out()) {
      boolean staysInside = edge.to() != null && loop.nodes().get(edge.to().index());
      if (staysInside && edge.operation() < access.id()) {
        return false;
      }
    }
    // From the head on, all that can be reached without this node.
    BitSet reached = new BitSet();
    List<RegionNode> work = new ArrayList<>();
    if (node != loop.head()) {
      work.add(loop.head());
      reached.set(loop.head().index());
    }
    while (!work.isEmpty()) {
      for (RegionEdge edge : work.removeLast().out()) {
        RegionNode to = edge.to();
        if (to == loop.head()) {
          return false;
        }
        if (to != null && to != node && loop.nodes().get(to.index()) && !reached.get(to.index())) {
          reached.set(to.index());
          work.add(to);
        }
      }
    }
    return true;
  }

  /** Where an address may have become another one: the ways into its loop, if it has one. */
  List<RegionEdge> entries(int base, NaturalLoops.Loop loop) {
    if (loop != null) {
      return loop.entries();
    }
    return code.isConstant(base) ? List.of() : graph.nodeOf(base).out();
  }

  /** The address with which a loop is entered, or the only one. */
  int atEntry(int base, NaturalLoops.Loop loop, RegionEdge entry) {
    boolean isPhi = loop != null && isInside(base, loop);
    return isPhi ? states.input(base, entry) : base;
  }
}
