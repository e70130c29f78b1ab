package dev.isomorph.translator.region;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a region that is entered at its start only; it may be left in the middle. Its
 * operations are [{@link #start()}, {@link #end()}) of the graph's code, those that give the values
 * at its entry ({@link RegionGraph#isPhi}) first.
 */
public final class RegionNode {
  private final int index;
  private final int firstInstruction;
  private final int rank;
  private final int depth;
  private final boolean isHead;
  private final boolean isEntry;
  private final List<RegionEdge> in = new ArrayList<>(2);
  private final List<RegionEdge> out = new ArrayList<>(2);
  private boolean polls;
  private int start;
  private int end;

  RegionNode(
      int index, int firstInstruction, int rank, int depth, boolean isHead, boolean isEntry) {
    this.index = index;
    this.firstInstruction = firstInstruction;
    this.rank = rank;
    this.depth = depth;
    this.isHead = isHead;
    this.isEntry = isEntry;
  }

  void add(RegionEdge edge) {
    out.add(edge);
    if (edge.to() != null) {
      edge.to().in.add(edge);
    }
  }

  /** As {@link #add}, of an edge out of the region whose operation comes before the last one. */
  void addBeforeLast(RegionEdge edge) {
    out.add(out.size() - 1, edge);
  }

  /** Sets where its operations are. */
  public void range(int start, int end) {
    this.start = start;
    this.end = end;
  }

  /** Its place in {@link RegionGraph#nodes()}. */
  public int index() {
    return index;
  }

  /** The guest instruction it starts with. */
  public int firstInstruction() {
    return firstInstruction;
  }

  /** Its place in the guest's own layout. */
  public int rank() {
    return rank;
  }

  /** How many loops of the region it is part of; 0 for the entry. */
  public int depth() {
    return depth;
  }

  /** As {@link #depth()}, of one of its operations: what no way leads back behind is in fewer. */
  public int depthAt(int id) {
    int deepest = 0;
    for (RegionEdge edge : out) {
      if (edge.operation() >= id) {
        int next = edge.isUsual() ? depth : edge.to() != null ? edge.to().depth : 0;
        deepest = Math.max(deepest, next);
      }
    }
    return Math.min(depth, deepest);
  }

  /** Whether a loop is entered here. */
  public boolean isHead() {
    return isHead;
  }

  /** Says that it asks first whether somebody wants the guest to stop. */
  void poll() {
    polls = true;
  }

  /** Whether it asks first if somebody wants the guest to stop. */
  public boolean polls() {
    return polls;
  }

  /**
   * Whether the region is entered here, with all guest registers where they are outside: at its
   * start, or where a function comes back that it has called.
   */
  public boolean isEntry() {
    return isEntry;
  }

  /** The ways to it. */
  public List<RegionEdge> in() {
    return in;
  }

  /** The ways out of it, in the order of their operations. */
  public List<RegionEdge> out() {
    return out;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }
}
