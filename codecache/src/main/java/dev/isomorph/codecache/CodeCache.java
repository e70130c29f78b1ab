package dev.isomorph.codecache;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.GuestStates;
import dev.isomorph.translator.ir.IrBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where translations live: a bounded stretch of executable memory, in segments that are filled one
 * after the other and evicted in the same order, oldest first. Blocks that jump to each other
 * directly are linked; whatever goes is unlinked first.
 *
 * <p>One thread at a time. Other threads may be executing code meanwhile: links are stored
 * atomically, and before code goes the {@link Listener} is asked to get them out.
 */
public final class CodeCache implements AutoCloseable {
  /** Room that every translation is sure to find. */
  public static final int MAX_BLOCK = 32 << 10;

  /** The smallest size of a cache. */
  public static final int MIN_SIZE = 256 << 10;

  /** In how many parts it is evicted at most. */
  public static final int MAX_SEGMENTS = 8;

  /** What follows the call in a link stub: the target pc and the distance of the jump to it. */
  public static final int LINK_DATA_BYTES = Long.BYTES + Integer.BYTES;

  private static final int CALL_BYTES = 5;
  private static final int MIN_SEGMENT = 2 * MAX_BLOCK;
  private static final int ALIGNMENT = 16;

  /** After so much code memory is told that it is written. */
  private static final int STRETCH = 256 << 10;

  /** Told of blocks that leave the cache, and of the pages that have some. */
  public interface Listener {
    /** Blocks are about to go: when this returns no thread may be executing any. */
    default void removing() {}

    /** A single block has gone. */
    void removed(TranslatedBlock block);

    /** Many blocks have gone. */
    void removedMany();

    /** A page that had no blocks has one. */
    default void pageOccupied(long page) {}

    /** A page has no blocks any more. */
    default void pageVacated(long page) {}
  }

  private final ExecutableMemory memory;
  private final Listener listener;
  private final Segment[] segments;
  private final BlockIndex index = new BlockIndex();

  private final LiveBlocks live = new LiveBlocks();

  /** Those that were set aside; null while none has been. */
  private BlockIndex aside;

  private final Map<Long, List<TranslatedBlock>> byPage = new HashMap<>();
  private int current;
  private int next;

  /** Up to where the memory has been told what is written. */
  private int unsettled;

  private long evictions;
  private long removals;

  /**
   * A cache in {@code memory} behind the first {@code reserved} bytes.
   *
   * @param memory of at least {@link #MIN_SIZE} bytes
   */
  public CodeCache(ExecutableMemory memory, int reserved, Listener listener) {
    this.memory = memory;
    this.listener = listener;
    int start = align(reserved);
    int room = memory.size() - start;
    int count = Math.max(2, Math.min(MAX_SEGMENTS, room / MIN_SEGMENT));
    int size = room / count & -ALIGNMENT;
    segments = new Segment[count];
    for (int i = 0; i < count; i++) {
      segments[i] = new Segment(start + i * size, start + (i + 1) * size);
    }
    next = start;
    unsettled = start;
  }

  private static int align(int offset) {
    return offset + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** The block translated from a guest pc in a mode, or null. */
  public TranslatedBlock find(long pc, int mode) {
    return index.get(pc, mode);
  }

  /**
   * The host address at which the next block will be installed; at least {@link #MAX_BLOCK} bytes
   * are free there. May evict.
   */
  public long reserve() {
    if (segments[current].end - next < MAX_BLOCK) {
      memory.written(unsettled, next);
      current = (current + 1) % segments.length;
      next = segments[current].start;
      unsettled = next;
      evict(segments[current]);
    }
    return memory.rx(next);
  }

  /**
   * Installs code made for the address {@link #reserve} gave. An older block of the same pc and
   * mode is replaced.
   *
   * @param faultMap pairs of code offset and instruction number
   */
  public TranslatedBlock install(
      IrBlock source, int mode, byte[] code, int length, int[] faultMap) {
    return install(source, mode, PageMap.BY_ADDRESS, code, length, faultMap);
  }

  /**
   * As {@link #install(IrBlock, int, byte[], int, int[])}, for a block that belongs to pages that
   * its addresses do not tell.
   */
  public TranslatedBlock install(
      IrBlock source, int mode, PageMap pages, byte[] code, int length, int[] faultMap) {
    return install(
        source.pcs(),
        source.encodings(),
        source.startPc(),
        mode,
        pages,
        code,
        0,
        length,
        faultMap,
        null);
  }

  /**
   * As {@link #install(long[], int[], int, byte[], int, int[])}, for a block that belongs to pages
   * that its addresses do not tell.
   */
  public TranslatedBlock install(
      long[] pcs,
      int[] encodings,
      int mode,
      PageMap pages,
      byte[] code,
      int length,
      int[] faultMap) {
    return install(pcs, encodings, pcs[0], mode, pages, code, 0, length, faultMap, null);
  }

  /**
   * As {@link #install(IrBlock, int, byte[], int, int[])}, for a block whose source is gone.
   *
   * @param pcs addresses of its instructions, the first of which is where it is entered
   * @param encodings of its instructions
   */
  public TranslatedBlock install(
      long[] pcs, int[] encodings, int mode, byte[] code, int length, int[] faultMap) {
    return install(
        pcs, encodings, pcs[0], mode, PageMap.BY_ADDRESS, code, 0, length, faultMap, null);
  }

  /**
   * As {@link #install(long[], int[], int, byte[], int, int[])}, for code that is not a plain
   * block.
   *
   * @param pc guest address at which it is entered
   * @param entry offset in the code at which it is entered, but by direct jumps of others: these go
   *     to its start
   * @param states where it keeps guest registers when it is left in its middle, by instruction;
   *     null if in the fixed map
   */
  public TranslatedBlock install(
      long[] pcs,
      int[] encodings,
      long pc,
      int mode,
      PageMap pages,
      byte[] code,
      int entry,
      int length,
      int[] faultMap,
      GuestStates states) {
    if (length > segments[current].end - next) {
      throw new IllegalArgumentException("a block of " + length + " bytes does not fit");
    }
    TranslatedBlock old = index.get(pc, mode);
    if (old != null) {
      remove(old);
    }
    takeAside(pc, mode);
    memory.copyIn(code, 0, next, length);
    TranslatedBlock block =
        new TranslatedBlock(
            pcs,
            encodings,
            pc,
            mode,
            pages,
            next,
            memory.rx(next),
            entry,
            length,
            faultMap,
            states);
    next = align(next + length);
    if (next - unsettled >= STRETCH) {
      memory.written(unsettled, next);
      unsettled = next;
    }
    segments[current].add(block);
    publish(block);
    return block;
  }

  private void publish(TranslatedBlock block) {
    index.add(block);
    live.add(block);
    for (int i = 0; i < block.pageCount(); i++) {
      List<TranslatedBlock> blocks = byPage.get(block.page(i));
      if (blocks == null) {
        blocks = new ArrayList<>();
        byPage.put(block.page(i), blocks);
        listener.pageOccupied(block.page(i));
      }
      blocks.add(block);
    }
  }

  /**
   * Makes the direct jump that left by a link stub go to {@code target} from now on.
   *
   * @param data host address of the stub's data, from the register file: the target pc and the
   *     distance to the jump's rel32
   */
  public void link(long data, TranslatedBlock target) {
    int dataOffset = (int) (data - memory.rx(0));
    int site = dataOffset - HostMemory.getInt(data + Long.BYTES);
    int stub = dataOffset - CALL_BYTES;
    TranslatedBlock source = at(data);
    if (source == null || !source.isLive() || source.mode() != target.mode()) {
      return;
    }
    new Link(source, target, site, stub);
    patch(site, target.offset());
  }

  private void patch(int site, int to) {
    memory.patchInt(site, to - (site + 4));
  }

  /**
   * The block whose code is at a host address, or null. May be called while another thread installs
   * a block or evicts some.
   */
  public TranslatedBlock at(long address) {
    long offset = address - memory.rx(0);
    for (Segment segment : segments) {
      if (offset >= segment.start && offset < segment.end) {
        return segment.find((int) offset);
      }
    }
    return null;
  }

  /**
   * The live blocks with instructions in guest addresses [start, end), which are unsigned, each
   * once.
   */
  public Collection<TranslatedBlock> overlapping(long start, long end) {
    if (Long.compareUnsigned(start, end) >= 0) {
      return List.of();
    }
    long first = start >>> TranslatedBlock.PAGE_SHIFT;
    long last = end - 1 >>> TranslatedBlock.PAGE_SHIFT;
    if (last - first >= byPage.size()) {
      return live.overlapping(start, end);
    }
    // A set, since a block may lie in several pages.
    Set<TranslatedBlock> found = new LinkedHashSet<>();
    for (long page = first; page <= last; page++) {
      for (TranslatedBlock block : byPage.getOrDefault(page, List.of())) {
        if (block.overlaps(start, end)) {
          found.add(block);
        }
      }
    }
    return found;
  }

  /** The pages that have blocks. */
  public long[] pages() {
    long[] pages = new long[byPage.size()];
    int count = 0;
    for (long page : byPage.keySet()) {
      pages[count++] = page;
    }
    return pages;
  }

  /** The live blocks of a page. */
  public List<TranslatedBlock> inPage(long page) {
    return List.copyOf(byPage.getOrDefault(page, List.of()));
  }

  /** Takes a block out: nothing jumps there any more. Its memory is reused by eviction only. */
  public void remove(TranslatedBlock block) {
    if (!block.isLive()) {
      return;
    }
    listener.removing();
    removals++;
    detach(block);
    forgetPages(block);
    listener.removed(block);
  }

  /**
   * Takes a block out as {@link #remove} does, but so that it can be had {@linkplain #takeAside
   * again} for as long as its memory is not reused: what is not in use need not be looked at
   * whenever guest code may have changed.
   */
  public void setAside(TranslatedBlock block) {
    if (!block.isLive()) {
      return;
    }
    listener.removing();
    for (Link link = block.outgoing; link != null; link = link.nextOutgoing) {
      patch(link.site, link.stub);
    }
    detach(block);
    forgetPages(block);
    listener.removed(block);
    if (aside == null) {
      aside = new BlockIndex();
    }
    takeAside(block.pc(), block.mode());
    aside.add(block);
  }

  /**
   * The block of a guest pc and mode that was set aside, or null. It is forgotten, unless it is
   * {@linkplain #reinstate put in use again}.
   */
  public TranslatedBlock takeAside(long pc, int mode) {
    TranslatedBlock block = aside == null ? null : aside.get(pc, mode);
    if (block != null) {
      aside.remove(block);
    }
    return block;
  }

  /** Puts a block in use that has just been taken; there must be no other of its pc and mode. */
  public void reinstate(TranslatedBlock block) {
    block.revive();
    publish(block);
  }

  private void detach(TranslatedBlock block) {
    block.kill();
    index.remove(block);
    live.remove(block);
    for (Link link = block.incoming; link != null; link = link.nextIncoming) {
      patch(link.site, link.stub);
      if (link.source != block) {
        link.removeFromSource();
      }
    }
    for (Link link = block.outgoing; link != null; link = link.nextOutgoing) {
      if (link.target != block) {
        link.removeFromTarget();
      }
    }
    block.incoming = null;
    block.outgoing = null;
  }

  private void forgetPages(TranslatedBlock block) {
    for (int i = 0; i < block.pageCount(); i++) {
      Long page = block.page(i);
      List<TranslatedBlock> blocks = byPage.get(page);
      if (blocks != null && blocks.remove(block) && blocks.isEmpty()) {
        byPage.remove(page);
        listener.pageVacated(page);
      }
    }
  }

  private void evict(Segment segment) {
    if (segment.last() == null) {
      return;
    }
    listener.removing();
    evictions++;
    for (int i = 0; i < segment.count(); i++) {
      TranslatedBlock block = segment.block(i);
      if (block.isLive()) {
        detach(block);
        forgetPages(block);
      } else if (aside != null) {
        aside.remove(block);
      }
    }
    segment.clear();
    listener.removedMany();
  }

  /** Number of blocks that can be found. */
  public int size() {
    return index.size();
  }

  /** How often a segment was evicted. */
  public long evictions() {
    return evictions;
  }

  /** How many blocks were removed for other reasons: replaced, invalidated. */
  public long removals() {
    return removals;
  }

  /** Bytes of code between the start of the cache and its fill point. */
  public int bytesUsed() {
    int used = 0;
    for (Segment segment : segments) {
      TranslatedBlock last = segment.last();
      if (last != null) {
        used += last.offset() + last.length() - segment.start;
      }
    }
    return used;
  }

  @Override
  public void close() {
    memory.close();
  }
}
