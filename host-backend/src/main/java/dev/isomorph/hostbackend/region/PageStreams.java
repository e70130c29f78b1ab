package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.opt.NaturalLoops;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the {@link PageStream}s of a region. One goes up or down if a loop does not change its
 * address, or each round moves it by constants of one sign; then one of the accesses has to be on
 * every way round, so that the address never gets far without being looked at. All others go any
 * way. Where streams have zones, the first kind is {@linkplain Way#STEADY steady}, and all other
 * pointers are the second.
 */
final class PageStreams {
  /** What is worth more in an inner loop, as a shift for each level. */
  private static final int DEPTH_SHIFT = 3;

  private static final int DEEPEST = 6;

  /** The farthest that accesses of one stream may be apart. */
  private static final int WIDEST = 512;

  /** Stand for the number of a loop. */
  private static final int WHOLE_REGION = -1;

  private static final int NO_LOOP = -2;

  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final NearAddresses near;
  private final boolean aliases;

  /** That of streams of which nothing is known. */
  private final Way anyWay;

  /** By loop, address, and whether they store: see {@link #key}. */
  private final Map<Long, Candidate> candidates = new LinkedHashMap<>();

  /** Keys of loops and addresses that cannot leave their zone unseen. */
  private final Set<Long> steady = new HashSet<>();

  private final Map<Integer, PageStream> byAccess = new HashMap<>();
  private final Map<RegionEdge, List<Start>> starts = new HashMap<>();
  private final List<PageStream> all = new ArrayList<>();

  /**
   * Accesses that may become a stream; it has no loop if its address is the same everywhere, or may
   * go any way.
   */
  private final class Candidate {
    final NaturalLoops.Loop loop;
    final int base;
    final Way way;
    final List<Integer> accesses = new ArrayList<>();
    int first = Integer.MAX_VALUE;
    int end = Integer.MIN_VALUE;
    long worth;

    /** Whether one of the accesses is on every way round. */
    boolean isSure;

    Candidate(NaturalLoops.Loop loop, int base, Way way, boolean isSure) {
      this.loop = loop;
      this.base = base;
      this.way = way;
      this.isSure = isSure;
    }

    /** Takes an access in, if it is near the others. */
    boolean add(int id, int bytes, int depth) {
      int from = Math.min(first, (int) code.imm(id));
      int to = Math.max(end, (int) code.imm(id) + bytes);
      boolean isNear = aliases || to - from <= WIDEST;
      if (isNear) {
        first = from;
        end = to;
        accesses.add(id);
        worth += 1L << DEPTH_SHIFT * Math.min(depth, DEEPEST);
      }
      return isNear;
    }
  }

  /** A loop is entered with a stream at this address. */
  record Start(PageStream stream, int address) {}

  private PageStreams(RegionGraph graph, RegionStates states, boolean aliases) {
    this.graph = graph;
    this.aliases = aliases;
    anyWay = aliases ? Way.FAR : Way.ANY;
    this.states = states;
    code = graph.code();
    near = new NearAddresses(graph, states);
  }

  /** None. */
  static PageStreams none(RegionGraph graph, RegionStates states) {
    return new PageStreams(graph, states, false);
  }

  /**
   * Those worth most, as many as there may be.
   *
   * @param aliases whether streams have zones, so that addresses need not stay near
   */
  static PageStreams of(RegionGraph graph, RegionStates states, boolean aliases) {
    PageStreams streams = new PageStreams(graph, states, aliases);
    List<NaturalLoops.Loop> loops = new ArrayList<>(NaturalLoops.of(graph));
    // What an outer loop does not change need not be looked at when an inner one is entered.
    loops.sort((a, b) -> Integer.compare(b.nodes().cardinality(), a.nodes().cardinality()));
    if (aliases) {
      streams.forEach((id, node) -> streams.findSteady(id, node, loops));
      streams.forEach((id, node) -> streams.addToZone(id, node, loops));
    } else {
      streams.forEach((id, node) -> streams.add(id, node, loops));
    }
    streams.choose();
    return streams;
  }

  private interface AccessVisitor {
    void visit(int access, RegionNode node);
  }

  private void forEach(AccessVisitor visitor) {
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        int bytes = code.op(id).accessedBytes();
        if (bytes > 0 && Math.abs(code.imm(id)) + bytes <= PageStream.FARTHEST) {
          visitor.visit(id, node);
        }
      }
    }
  }

  /** Notes addresses that an access on every way round a loop moves with it. */
  private void findSteady(int id, RegionNode node, List<NaturalLoops.Loop> loops) {
    for (int number = 0; number < loops.size(); number++) {
      NaturalLoops.Loop loop = loops.get(number);
      if (loop.nodes().get(node.index())
          && step(code.a(id), loop) != 0
          && isOnEveryWay(id, node, loop)) {
        steady.add(key(number, id));
      }
    }
  }

  /** Where there are zones, an address is looked at as far outside as can be. */
  private void addToZone(int id, RegionNode node, List<NaturalLoops.Loop> loops) {
    int base = code.a(id);
    int bytes = code.op(id).accessedBytes();
    int depth = node.depthAt(id);
    if (isFixed(base) && !code.isConstant(base)) {
      candidate(WHOLE_REGION, null, Way.STEADY, id).add(id, bytes, depth);
      return;
    }
    for (int number = 0; number < loops.size(); number++) {
      NaturalLoops.Loop loop = loops.get(number);
      if (loop.nodes().get(node.index())
          && (!isInside(base, loop) || steady.contains(key(number, id)))) {
        candidate(number, loop, Way.STEADY, id).add(id, bytes, depth);
        return;
      }
    }
    if (depth > 0) {
      candidate(NO_LOOP, null, Way.FAR, id).add(id, bytes, depth);
    }
  }

  /** The stream of an access, or null. */
  PageStream of(int access) {
    return byAccess.get(access);
  }

  /** All of them. */
  List<PageStream> all() {
    return all;
  }

  /** The streams that start when an edge is taken. */
  List<Start> startingAt(RegionEdge edge) {
    return starts.getOrDefault(edge, List.of());
  }

  private void add(int id, RegionNode node, List<NaturalLoops.Loop> loops) {
    int bytes = code.op(id).accessedBytes();
    int base = code.a(id);
    if (isFixed(base)) {
      candidate(WHOLE_REGION, null, Way.UP, id).add(id, bytes, node.depthAt(id));
      return;
    }
    for (int number = 0; number < loops.size(); number++) {
      NaturalLoops.Loop loop = loops.get(number);
      if (loop.nodes().get(node.index())) {
        boolean isFixed = !isInside(base, loop);
        long step = isFixed ? 0 : step(base, loop);
        if (isFixed || step != 0) {
          Candidate found = candidate(number, loop, step >= 0 ? Way.UP : Way.DOWN, id);
          if (found.add(id, bytes, node.depthAt(id))) {
            found.isSure = found.isSure || isFixed || isOnEveryWay(id, node, loop);
          }
          return;
        }
      }
    }
    if (node.depthAt(id) > 0 && near.contains(base)) {
      candidate(NO_LOOP, null, Way.ANY, id).add(id, bytes, node.depthAt(id));
    }
  }

  /** Whether a value is the same as long as the region runs. */
  private boolean isFixed(int value) {
    return code.isConstant(value) || graph.nodeOf(value).isEntry();
  }

  private Candidate candidate(int number, NaturalLoops.Loop loop, Way way, int access) {
    return candidates.computeIfAbsent(
        key(number, access), k -> new Candidate(loop, code.a(access), way, loop == null));
  }

  private long key(int loop, int access) {
    boolean stores = !aliases && code.op(access).effect() == IrOp.Effect.MEMORY_WRITE;
    return (long) loop << Integer.SIZE | code.a(access) << 1 | (stores ? 1 : 0);
  }

  private boolean isInside(int value, NaturalLoops.Loop loop) {
    return loop.nodes().get(graph.nodeOf(value).index());
  }

  /**
   * By how much each round moves an address, one of the steps if there are several of one sign; 0
   * if that is not known.
   */
  private long step(int base, NaturalLoops.Loop loop) {
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
  private static boolean isOnEveryWay(int id, RegionNode node, NaturalLoops.Loop loop) {
    for (RegionEdge edge : node.out()) {
      boolean staysInside = edge.to() != null && loop.nodes().get(edge.to().index());
      if (staysInside && edge.operation() < id) {
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

  private void choose() {
    List<Candidate> best = new ArrayList<>(candidates.values());
    best.sort((a, b) -> Long.compare(b.worth, a.worth));
    Map<Way, Integer> next = new EnumMap<>(Way.class);
    for (Candidate candidate : best) {
      Way way = aliases || candidate.isSure ? candidate.way : anyWay;
      int index = next.getOrDefault(way, way.first());
      if (index == way.end()) {
        way = anyWay;
        index = next.getOrDefault(way, way.first());
      }
      if (index < way.end()) {
        next.put(way, index + 1);
        add(candidate, index);
      }
    }
  }

  private void add(Candidate candidate, int index) {
    PageStream stream = new PageStream(index, candidate.first, candidate.end);
    all.add(stream);
    for (int access : candidate.accesses) {
      byAccess.put(access, stream);
    }
    if (stream.way() == anyWay) {
      return;
    }
    for (RegionEdge edge : entries(candidate)) {
      boolean isPhi = candidate.loop != null && isInside(candidate.base, candidate.loop);
      int address = isPhi ? states.input(candidate.base, edge) : candidate.base;
      starts.computeIfAbsent(edge, e -> new ArrayList<>()).add(new Start(stream, address));
    }
  }

  /** Where the address of a stream may have become another one. */
  private List<RegionEdge> entries(Candidate candidate) {
    if (candidate.loop != null) {
      return candidate.loop.entries();
    }
    return code.isConstant(candidate.base) ? List.of() : graph.nodeOf(candidate.base).out();
  }
}
