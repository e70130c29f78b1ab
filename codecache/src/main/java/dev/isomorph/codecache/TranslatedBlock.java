package dev.isomorph.codecache;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.hostbackend.lower.GuestState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A translation in the code cache: where it is, what it was made from, who jumps to whom. */
public final class TranslatedBlock {
  static final int PAGE_SHIFT = 12;

  private final long pc;
  private final GuestState[] states;
  private final int mode;
  private final int offset;
  private final int length;
  private final long address;
  private final int entry;
  private final long[] pcs;
  private final int[] encodings;
  private final int[] faultMap;

  /** Guest pages, and the numbers they are known by. */
  private final long[] guestPages;

  private final long[] pages;
  final List<Link> incoming = new ArrayList<>(2);
  final List<Link> outgoing = new ArrayList<>(2);

  /** Where {@link LiveBlocks} has it. */
  int place;

  private boolean live = true;
  private byte agreements;

  TranslatedBlock(
      long[] pcs,
      int[] encodings,
      long pc,
      int mode,
      PageMap pages,
      int offset,
      long address,
      int entry,
      int length,
      int[] faultMap,
      GuestState[] states) {
    this.pc = pc;
    this.states = states;
    this.mode = mode;
    this.offset = offset;
    this.address = address;
    this.entry = entry;
    this.length = length;
    this.faultMap = faultMap;
    this.pcs = pcs;
    this.encodings = encodings;
    guestPages = pagesOf();
    this.pages = pages == PageMap.BY_ADDRESS ? guestPages : mapped(guestPages, pages);
  }

  private static long[] mapped(long[] guestPages, PageMap map) {
    long[] mapped = new long[guestPages.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = map.page(guestPages[i]);
    }
    return mapped;
  }

  /** The numbers of the guest pages it has instructions in, each once. */
  private long[] pagesOf() {
    long[] found = new long[2];
    int count = 0;
    long before = -1;
    for (int i = 0; i < pcs.length; i++) {
      long first = pcs[i] >>> PAGE_SHIFT;
      long last = pcs[i] + instructionLength(i) - 1 >>> PAGE_SHIFT;
      if (first == before && last == before) {
        continue;
      }
      before = last;
      for (long page = first; page <= last; page++) {
        if (!contains(found, count, page)) {
          if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
          }
          found[count++] = page;
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static boolean contains(long[] pages, int count, long page) {
    for (int i = count - 1; i >= 0; i--) {
      if (pages[i] == page) {
        return true;
      }
    }
    return false;
  }

  /** How many pages it is in. */
  public int pageCount() {
    return pages.length;
  }

  /** The number, as a {@link PageMap} has it, of a page it is in; the first has its entry. */
  public long page(int index) {
    return pages[index];
  }

  /** The guest's number of that page: its addresses without the last 12 bits. */
  public long guestPage(int index) {
    return guestPages[index];
  }

  /** Guest pc of its entry. */
  public long pc() {
    return pc;
  }

  /** The translation mode it is for; blocks of different modes never jump to each other. */
  public int mode() {
    return mode;
  }

  /** Host address of its first byte, where direct jumps of other translations go. */
  public long address() {
    return address;
  }

  /** Host address of where it is entered otherwise. */
  public long entry() {
    return address + entry;
  }

  int offset() {
    return offset;
  }

  /** Length of its code in bytes. */
  public int length() {
    return length;
  }

  /** Number of guest instructions. */
  public int instructionCount() {
    return pcs.length;
  }

  /** Guest address of instruction {@code index}. */
  public long pc(int index) {
    return pcs[index];
  }

  /** Encoding of instruction {@code index}; compressed ones are 16 bits. */
  public int encoding(int index) {
    return encodings[index];
  }

  /** Length in bytes of instruction {@code index}. */
  public int instructionLength(int index) {
    return Instruction.lengthOf(encodings[index]);
  }

  /** Whether it is still in the cache. */
  public boolean isLive() {
    return live;
  }

  void kill() {
    live = false;
  }

  void revive() {
    live = true;
    agreements = 0;
  }

  /**
   * Guest code that may have changed has been seen to be still what it was made from. Returns how
   * often that has been so since it was put in use.
   */
  public int agreed() {
    return ++agreements;
  }

  /** The guest pc of the instruction a host address in this block belongs to, at a fault. */
  public long pcAtFault(long hostPc) {
    return pcs[instructionAt(hostPc)];
  }

  /** Where the guest's registers are at a fault or a stop at a host address. */
  public GuestState stateAt(long hostPc) {
    return states == null ? GuestState.FIXED : states[instructionAt(hostPc)];
  }

  private int instructionAt(long hostPc) {
    int at = (int) (hostPc - address);
    int instruction = 0;
    for (int i = 0; i < faultMap.length && faultMap[i] <= at; i += 2) {
      instruction = faultMap[i + 1];
    }
    return instruction;
  }

  /** Whether an instruction lies, even partly, in guest addresses [start, end), unsigned. */
  public boolean overlaps(long start, long end) {
    for (int i = 0; i < pcs.length; i++) {
      if (Long.compareUnsigned(pcs[i], end) < 0
          && Long.compareUnsigned(pcs[i] + instructionLength(i), start) > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "block 0x" + Long.toHexString(pc) + " of " + pcs.length + " instructions, mode " + mode;
  }
}
