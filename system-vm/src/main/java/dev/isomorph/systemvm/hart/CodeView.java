package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.CodePages;
import dev.isomorph.hostbackend.lower.JumpCache;
import java.util.Arrays;

/**
 * The code that a hart sees in one address space in one privilege mode: where pages are, and which
 * translations have been found there.
 */
final class CodeView extends View {
  private static final int ENTRIES = 256;
  private static final int SEEN_BITS_SHIFT = 17;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final JumpCache jumps = new JumpCache();
  private final LargePages large = new LargePages();

  /** Page numbers plus 1, 0 where there is none. */
  private final long[] pages = new long[ENTRIES];

  private final int[] frames = new int[ENTRIES];

  /** By hash, the pages that have been entered: the jump cache may have code of these. */
  private final long[] seen = new long[1 << SEEN_BITS_SHIFT - 6];

  private boolean empty = true;

  JumpCache jumps() {
    return jumps;
  }

  /** The frame of the page an address is in, if that is known. */
  int frame(long address) {
    return frame(pages, frames, address);
  }

  /** The pages whose frames are known now; does not change any more. */
  CodePages known() {
    long[] knownPages = pages.clone();
    int[] knownFrames = frames.clone();
    return address -> frame(knownPages, knownFrames, address);
  }

  private static int frame(long[] pages, int[] frames, long address) {
    long page = (address >>> Paging.PAGE_SHIFT) + 1;
    int entry = (int) page & ENTRIES - 1;
    return pages[entry] == page ? frames[entry] : CodePages.NO_FRAME;
  }

  void fill(long address, Translation translation, int frame) {
    note(translation);
    large.note(address, translation.pageSize());
    long page = (address >>> Paging.PAGE_SHIFT) + 1;
    int entry = (int) page & ENTRIES - 1;
    pages[entry] = page;
    frames[entry] = frame;
    seen[bit(address) >>> 6] |= 1L << bit(address);
    empty = false;
  }

  @Override
  void forget(long address) {
    if (large.contains(address) || (seen[bit(address) >>> 6] >>> bit(address) & 1) != 0) {
      clear();
    }
  }

  @Override
  void forgetAll() {
    if (!empty) {
      jumps.clear();
      large.clear();
      Arrays.fill(pages, 0);
      Arrays.fill(seen, 0);
      empty = true;
    }
  }

  private static int bit(long address) {
    return (int) ((address >>> Paging.PAGE_SHIFT) * SPREAD >>> Long.SIZE - SEEN_BITS_SHIFT);
  }

  @Override
  public void close() {
    jumps.close();
  }
}
