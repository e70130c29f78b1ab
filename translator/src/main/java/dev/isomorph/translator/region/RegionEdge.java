package dev.isomorph.translator.region;

/** A way from a node to another, or out of the region. */
public final class RegionEdge {
  private final int index;
  private final RegionNode from;
  private final RegionNode to;
  private final long pc;
  private final boolean isBefore;
  private RegionNode comesBack;
  private boolean isUsual;
  private boolean isGuard;
  private int operation;

  RegionEdge(int index, RegionNode from, RegionNode to, long pc, boolean isBefore) {
    this.index = index;
    this.from = from;
    this.to = to;
    this.pc = pc;
    this.isBefore = isBefore;
  }

  /** Sets the operation that takes it. */
  public void operation(int id) {
    operation = id;
  }

  /** Its place in {@link RegionGraph#edges()}, which is the immediate of its operation. */
  public int index() {
    return index;
  }

  public RegionNode from() {
    return from;
  }

  /** Where it leads; null if out of the region. */
  public RegionNode to() {
    return to;
  }

  /** The guest pc it leads to; of no meaning for indirect jumps. */
  public long pc() {
    return pc;
  }

  /** Whether it is taken before the instruction of its operation, which is not executed then. */
  public boolean isBefore() {
    return isBefore;
  }

  /** Says that it is a way out that is taken again and again. */
  void usual() {
    isUsual = true;
  }

  /** Whether it is a way out that is taken again and again: a call, or the function's return. */
  public boolean isUsual() {
    return isUsual;
  }

  /** Says that it is taken at the entry if the region cannot be entered as things are. */
  void guard() {
    isGuard = true;
  }

  /**
   * Whether it is taken at the region's entry, before anything has been done, since the code inside
   * takes for granted what does not hold. The instruction there is then left to the evaluator: the
   * block at its address is the region.
   */
  public boolean isGuard() {
    return isGuard;
  }

  /** Says where the region is entered again when the function that is called has returned. */
  void comesBack(RegionNode entry) {
    comesBack = entry;
  }

  /** The entry that is behind a call, null if the call does not come back to the region. */
  public RegionNode comesBack() {
    return comesBack;
  }

  /** The operation that takes it. */
  public int operation() {
    return operation;
  }
}
