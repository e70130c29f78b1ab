package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The register allocation of a region. Phis and what flows into them share a place where they can.
 * The values worth most for their length choose a host register first; who finds none has a place
 * in memory. Values that one node needs for a short time have no place: the block compiler keeps
 * them in scratch registers.
 */
final class Places {
  static final int NONE = -1;

  /** Values of one node that live for longer than this many operations have a place, too. */
  private static final int SHORT = 8;

  /** So that short lives do not count for everything. */
  private static final int LEAST_LENGTH = 4;

  private final RegionGraph graph;
  private final IrBlock code;
  private final LiveRanges ranges;
  private final int[] leader;
  private final Map<Integer, Group> groups = new HashMap<>();

  /** Those whose places are worth most come first. */
  private final List<Group> order = new ArrayList<>();

  private final Map<Integer, BitSet> taken = new HashMap<>();

  /** By place, the priority of the values that have not got one yet and would like it. */
  private final Map<Integer, Double> claims = new HashMap<>();

  /** Values that share a place. */
  private static final class Group {
    final BitSet points = new BitSet();
    final BitSet slots = new BitSet();
    long weight;
    boolean isFloat;

    /** Whether it has several values. */
    boolean isShared;

    int first;
    int firstSlot = NONE;
    int place = NONE;

    /** By guest register, what it is worth to be where that one is outside of the region. */
    final long[] boundary = new long[StateSlot.COUNT];

    /** The guest registers of which that is not 0. */
    private final BitSet bounded = new BitSet();

    private long gain;
    private double priority;

    void bound(int slot, long worth) {
      boundary[slot] += worth;
      bounded.set(slot);
    }

    /** Computes what depends on all values it has. */
    void settle() {
      gain = 0;
      for (int slot = bounded.nextSetBit(0); slot >= 0; slot = bounded.nextSetBit(slot + 1)) {
        boolean isRegister = RegionSlots.isRegister(RegionSlots.outside(slot));
        gain += isRegister ? boundary[slot] : -boundary[slot];
      }
      priority = (double) (weight + gain) / (points.cardinality() + LEAST_LENGTH);
    }

    double priority() {
      return priority;
    }

    /** What is lost by moves where the region is entered and left. */
    long movesAtBoundaries() {
      long moves = 0;
      for (int slot = bounded.nextSetBit(0); slot >= 0; slot = bounded.nextSetBit(slot + 1)) {
        moves += place == RegionSlots.outside(slot) ? 0 : boundary[slot];
      }
      return moves;
    }

    /** What a host register gains where the region is entered and left. */
    long gain() {
      return gain;
    }

    /** What it gains at most where the region is entered and left by a place in memory. */
    long mostInMemory() {
      long most = 0;
      for (int slot = bounded.nextSetBit(0); slot >= 0; slot = bounded.nextSetBit(slot + 1)) {
        boolean isMemory = !RegionSlots.isRegister(RegionSlots.outside(slot));
        most = isMemory ? Math.max(most, boundary[slot]) : most;
      }
      return most;
    }
  }

  /**
   * @param coalesces whether values may share a place
   */
  Places(RegionGraph graph, LiveRanges ranges, boolean coalesces) {
    this.graph = graph;
    this.ranges = ranges;
    code = graph.code();
    leader = new int[code.size()];
    group(coalesces, false);
    if (ranges.boundaries().isEmpty()) {
      allocate(new BitSet());
      return;
    }
    allocateBetween();
    long least = cost();
    group(coalesces, true);
    allocateBetween();
    if (cost() >= least) {
      group(coalesces, false);
      allocateBetween();
    }
  }

  /**
   * Finds the values that share a place.
   *
   * @param bySlot whether only those of the same guest register do: then values are moved where the
   *     guest moves them, perhaps not where the region is entered and left
   */
  private void group(boolean coalesces, boolean bySlot) {
    Arrays.setAll(leader, id -> id);
    groups.clear();
    makeGroups();
    noteSlots();
    if (coalesces) {
      coalesce(bySlot);
    }
    noteBoundaries();
    order.clear();
    order.addAll(groups.values());
    order.forEach(Group::settle);
    order.sort(
        (one, two) -> {
          int byWorth = Double.compare(two.priority(), one.priority());
          return byWorth != 0 ? byWorth : Integer.compare(one.first, two.first);
        });
  }

  /** Chooses all places anew; values of the guest registers given come first, to their homes. */
  private void allocate(BitSet pinned) {
    taken.clear();
    claims.clear();
    for (Group group : order) {
      group.place = NONE;
      claim(group, group.priority());
    }
    for (int slot = pinned.nextSetBit(0); slot >= 0; slot = pinned.nextSetBit(slot + 1)) {
      for (Group group : order) {
        if (group.place == NONE
            && group.boundary[slot] > 0
            && isFree(RegionSlots.outside(slot), group)) {
          claim(group, -group.priority());
          take(group, RegionSlots.outside(slot));
        }
      }
    }
    List<Group> others = new ArrayList<>();
    for (Group group : order) {
      if (group.place == NONE) {
        claim(group, -group.priority());
        int place = group.weight + group.gain() > 0 ? register(group) : NONE;
        if (place == NONE) {
          others.add(group);
        } else {
          take(group, place);
        }
      }
    }
    placeInMemory(others);
  }

  /** Who gains most by being where a guest register is outside chooses first. */
  private void placeInMemory(List<Group> others) {
    others.sort((one, two) -> Long.compare(two.mostInMemory(), one.mostInMemory()));
    for (Group group : others) {
      take(group, memory(group));
    }
  }

  /**
   * Chooses places for a region that is entered and left often: the place that a guest register has
   * outside may be worth most to its values inside. For which ones is found by trying, from none
   * and from all.
   */
  private void allocateBetween() {
    BitSet slots = new BitSet();
    for (Group group : groups.values()) {
      for (int slot = 0; slot < StateSlot.FRM; slot++) {
        if (group.boundary[slot] > 0) {
          slots.set(slot);
        }
      }
    }
    BitSet few = improve(new BitSet(), slots);
    long least = cost();
    BitSet many = improve((BitSet) slots.clone(), slots);
    allocate(cost() < least ? many : few);
  }

  /** Pins or unpins one guest register after the other if that is better; allocates so. */
  private BitSet improve(BitSet pinned, BitSet slots) {
    allocate(pinned);
    long least = cost();
    for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
      pinned.flip(slot);
      allocate(pinned);
      if (cost() < least) {
        least = cost();
      } else {
        pinned.flip(slot);
      }
    }
    allocate(pinned);
    return pinned;
  }

  /**
   * What is lost by values in memory, and by moves inside and where the region is entered and left.
   */
  private long cost() {
    long cost = 0;
    for (Group group : groups.values()) {
      cost += RegionSlots.isRegister(group.place) ? 0 : group.weight;
      cost += group.movesAtBoundaries();
    }
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.in()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          int place = ranges.isNeeded(id) ? of(id) : NONE;
          boolean moves = place != NONE && place != of(ranges.states().input(id, edge));
          cost += moves ? ranges.worth(depth(edge)) : 0;
        }
      }
    }
    return cost;
  }

  private void makeGroups() {
    for (int id = 0; id < code.size(); id++) {
      ValueType type = code.op(id).type();
      boolean isValue = type != ValueType.NONE && code.op(id) != IrOp.CONST && !ranges.isLate(id);
      // A guard leaves with the guest's registers where they are outside.
      boolean lasts = ranges.points(id).cardinality() > SHORT && !graph.nodeOf(id).isEntry();
      if (isValue && (ranges.isPlaced(id) || lasts)) {
        Group group = new Group();
        group.points.or(ranges.points(id));
        group.weight = ranges.weight(id);
        group.isFloat = type == ValueType.FLOAT;
        group.first = id;
        groups.put(id, group);
      }
    }
  }

  /** Which guest registers the values of a group are. */
  private void noteSlots() {
    for (int id = 0; id < code.size(); id++) {
      switch (code.op(id)) {
        case GET, GETF -> {
          if (groups.containsKey(id)) {
            int slot = graph.isPhi(id) ? graph.slotOf(id) : (int) code.imm(id);
            groups.get(id).slots.set(RegionGraph.registerOf(slot));
            groups.get(id).firstSlot = RegionGraph.registerOf(slot);
          }
        }
        case PUT, PUTF -> {
          Group group = groups.get(ranges.source(code.a(id)));
          if (group != null && RegionGraph.isGuestRegister((int) code.imm(id))) {
            group.slots.set((int) code.imm(id));
            group.firstSlot = group.firstSlot == NONE ? (int) code.imm(id) : group.firstSlot;
          }
        }
        default -> {}
      }
    }
  }

  private void noteBoundaries() {
    for (LiveRanges.Boundary boundary : ranges.boundaries()) {
      for (int slot = 0; slot < StateSlot.FRM; slot++) {
        int value = boundary.state()[slot];
        Group group =
            value == RegionStates.UNTOUCHED ? null : groups.get(leader(ranges.source(value)));
        if (group != null) {
          group.bound(slot, boundary.worth());
        }
      }
    }
  }

  private void coalesce(boolean bySlot) {
    List<RegionEdge> edges = new ArrayList<>();
    graph.nodes().forEach(node -> edges.addAll(node.out()));
    edges.sort((one, two) -> Integer.compare(depth(two), depth(one)));
    for (RegionEdge edge : edges) {
      RegionNode to = edge.to();
      if (to != null) {
        for (int id = to.start(); id < to.end() && graph.isPhi(id); id++) {
          merge(id, ranges.states().input(id, edge), bySlot);
        }
      }
    }
  }

  private static int depth(RegionEdge edge) {
    return edge.from().depthAt(edge.operation());
  }

  private void merge(int phi, int input, boolean bySlot) {
    int one = leader(phi);
    int two = leader(input);
    Group a = groups.get(one);
    Group b = groups.get(two);
    if (a == null || b == null || a == b || a.points.intersects(b.points)) {
      return;
    }
    if (bySlot && a.firstSlot != b.firstSlot) {
      return;
    }
    a.points.or(b.points);
    a.slots.or(b.slots);
    a.isShared = true;
    a.weight += b.weight;
    a.first = Math.min(a.first, b.first);
    leader[two] = one;
    groups.remove(two);
  }

  private int leader(int value) {
    int v = value;
    while (leader[v] != v) {
      v = leader[v];
    }
    return v;
  }

  private void claim(Group group, double priority) {
    for (int slot = group.slots.nextSetBit(0); slot >= 0; slot = group.slots.nextSetBit(slot + 1)) {
      claims.merge(RegionSlots.outside(slot), priority, Double::sum);
    }
  }

  private void take(Group group, int place) {
    group.place = place;
    taken.computeIfAbsent(place, p -> new BitSet()).or(group.points);
  }

  /** A free host register, best the one in which the guest register is outside. */
  private int register(Group group) {
    for (int slot = group.slots.nextSetBit(0); slot >= 0; slot = group.slots.nextSetBit(slot + 1)) {
      int place = RegionSlots.outside(slot);
      if (RegionSlots.isRegister(place) && isFree(place, group)) {
        return place;
      }
    }
    int best = NONE;
    for (int place : group.isFloat ? RegionSlots.XMM_REGISTERS : RegionSlots.GPR_REGISTERS) {
      if (isFree(place, group) && (best == NONE || claims(place) < claims(best))) {
        best = place;
      }
    }
    return best;
  }

  /** What the host register is worth for the guest register that is in it outside. */
  private double claims(int place) {
    return claims.getOrDefault(place, 0.0);
  }

  private int memory(Group group) {
    int best = NONE;
    for (int slot = group.slots.nextSetBit(0); slot >= 0; slot = group.slots.nextSetBit(slot + 1)) {
      boolean isBetter = best == NONE || inMemory(group, slot) > inMemory(group, best);
      if (isBetter && mayGain(group, slot) && isFree(slot, group)) {
        best = slot;
      }
    }
    if (best != NONE) {
      return best;
    }
    int spill = RegionSlots.FIRST_SPILL;
    while (!isFree(spill, group)) {
      spill++;
    }
    return spill;
  }

  /** Whether a slot of the register file is better for a group than a spill slot. */
  private boolean mayGain(Group group, int slot) {
    return ranges.isUnchanged(slot)
        || ranges.boundaries().isEmpty()
        || group.boundary[slot] > 0
        || RegionSlots.isRegister(RegionSlots.outside(slot));
  }

  /** What a group gains where the region is entered and left by a slot of the register file. */
  private static long inMemory(Group group, int slot) {
    return RegionSlots.isRegister(RegionSlots.outside(slot)) ? 0 : group.boundary[slot];
  }

  /** Whether there are as many places in memory as are needed. */
  boolean suffice() {
    for (int place : taken.keySet()) {
      if (place >= RegionSlots.PLACES) {
        return false;
      }
    }
    return true;
  }

  /** The place of a register that the region only reads has nothing else, ever. */
  private boolean isFree(int place, Group group) {
    if (ranges.isUnchanged(place) && group.isShared) {
      return false;
    }
    BitSet points = taken.get(place);
    return points == null || !points.intersects(group.points);
  }

  /** The region slot a value is in, or {@link #NONE}. */
  int of(int value) {
    Group group = groups.get(leader(value));
    return group == null ? NONE : group.place;
  }
}
