package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Map;

/**
 * A stretch of a region as the block compiler takes it: its slots are {@link RegionSlots}.
 *
 * @param label what jumps inside the region call it
 * @param block its operations; if it leaves, all guest registers are where they are outside when it
 *     jumps, and the targets are guest addresses; else they are labels
 * @param first the first of the guest instructions it executes, {@link #NONE} if it only moves
 *     values
 * @param leaves whether it is a way out of the region
 * @param poll the guest instruction at which it stops first if somebody asks, or -1
 * @param comesBack the label of where the region is entered again when the function returns that it
 *     calls at its end, or -1
 * @param counts as how many entries it counts each time it runs, so that somebody can tell whether
 *     the region is worth it
 * @param isCopy whether it is another one of the stretch with its label, which only the one in
 *     front of it leads to
 * @param streams of its accesses, by operation of the block
 */
public record RegionCode(
    int label,
    IrBlock block,
    int first,
    boolean leaves,
    int poll,
    int comesBack,
    int counts,
    boolean isCopy,
    Map<Integer, PageStream> streams) {
  /** No guest instruction. */
  public static final int NONE = Integer.MAX_VALUE;

  /** A stretch from which all jumps lead to others. */
  public static RegionCode inside(
      int label, IrBlock block, int first, int poll, Map<Integer, PageStream> streams) {
    return new RegionCode(label, block, first, false, poll, -1, 0, false, streams);
  }

  /** A way out of the region. */
  public static RegionCode wayOut(int label, IrBlock block, int first, int comesBack) {
    return new RegionCode(label, block, first, true, -1, comesBack, 0, false, Map.of());
  }

  /** The same, counted as so many entries. */
  public RegionCode counted(int entries) {
    return new RegionCode(label, block, first, leaves, poll, comesBack, entries, isCopy, streams);
  }

  /** Another one of it. */
  public RegionCode copy() {
    return new RegionCode(label, block, first, leaves, poll, comesBack, counts, true, streams);
  }

  /** A guest instruction that all of it can be said to be for, if it executes none. */
  public int owner() {
    return first == NONE ? block.instructionOf(block.size() - 1) : first;
  }
}
