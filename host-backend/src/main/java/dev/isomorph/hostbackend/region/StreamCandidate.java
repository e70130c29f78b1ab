package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.opt.NaturalLoops;
import java.util.ArrayList;
import java.util.List;

/** Accesses by one address that may become a stream. */
final class StreamCandidate {
  /** What is worth more in an inner loop, as a shift for each level. */
  private static final int DEPTH_SHIFT = 3;

  private static final int DEEPEST = 6;

  /** Null if the address is the same everywhere, or may go any way. */
  final NaturalLoops.Loop loop;

  /** The value that the address is, but for displacements. */
  final int base;

  final List<Integer> accesses = new ArrayList<>();

  private final Way way;
  private final int widest;
  private int first = Integer.MAX_VALUE;
  private int end = Integer.MIN_VALUE;
  private long worth;

  /** Whether the address goes its way for sure. */
  private boolean isSure;

  /**
   * @param widest the farthest that its accesses may be apart
   */
  StreamCandidate(NaturalLoops.Loop loop, int base, Way way, int widest) {
    this.loop = loop;
    this.base = base;
    this.way = way;
    this.widest = widest;
    isSure = loop == null;
  }

  /** Takes an access in, if it is near the others. */
  boolean add(StreamAddresses.Access access, IrBlock code) {
    int displacement = (int) code.imm(access.id());
    int from = Math.min(first, displacement);
    int to = Math.max(end, displacement + access.bytes());
    boolean isNear = to - from <= widest;
    if (isNear) {
      first = from;
      end = to;
      accesses.add(access.id());
      worth += 1L << DEPTH_SHIFT * Math.min(access.depth(), DEEPEST);
    }
    return isNear;
  }

  /** One of the accesses, or the loop, makes sure that the address goes its way. */
  void makeSure() {
    isSure = true;
  }

  /** Where the address goes; {@code otherwise} if that is not sure. */
  Way way(Way otherwise) {
    return isSure ? way : otherwise;
  }

  /** Displacement of the first byte accessed. */
  int first() {
    return first;
  }

  /** Displacement of the end of what is accessed. */
  int end() {
    return end;
  }

  long worth() {
    return worth;
  }
}
