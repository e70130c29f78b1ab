package dev.isomorph.codecache;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.hostbackend.lower.GuestState;
import dev.isomorph.hostbackend.lower.GuestStates;
import dev.isomorph.translator.lift.CodeSource;

/** A translation in the code cache: where it is, what it was made from, who jumps to whom. */
public final class TranslatedBlock {
  static final int PAGE_SHIFT = GuestInstructions.PAGE_SHIFT;

  private static final char[] NONE = {};

  private final long pc;
  private final GuestStates states;
  private final int mode;
  private final int offset;
  private final int length;
  private final long address;
  private final int entry;
  private final GuestInstructions instructions;

  /** Pairs of code offset and instruction number. */
  private final char[] faultMap;

  /** Guest pages, and the numbers they are known by. */
  private final long[] guestPages;

  private final long[] pages;

  /** The first of the links to it, and of those from it; null if there are none. */
  Link incoming;

  Link outgoing;

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
      GuestStates states) {
    this.pc = pc;
    this.states = states;
    this.mode = mode;
    this.offset = offset;
    this.address = address;
    this.entry = entry;
    this.length = length;
    this.faultMap = compact(faultMap);
    instructions = GuestInstructions.of(pcs, encodings);
    guestPages = instructions.pages();
    this.pages = pages == PageMap.BY_ADDRESS ? guestPages : mapped(guestPages, pages);
  }

  /** Code is shorter than 64 KiB, and so are the lists of its instructions. */
  private static char[] compact(int[] pairs) {
    if (pairs.length == 0) {
      return NONE;
    }
    char[] compact = new char[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      compact[i] = (char) pairs[i];
    }
    return compact;
  }

  private static long[] mapped(long[] guestPages, PageMap map) {
    long[] mapped = new long[guestPages.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = map.page(guestPages[i]);
    }
    return mapped;
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
    return instructions.count();
  }

  /** Guest address of instruction {@code index}; all of them are had faster by {@link #pcs}. */
  public long pc(int index) {
    return instructions.pc(index);
  }

  /** Guest addresses of all its instructions. */
  public long[] pcs() {
    return instructions.pcs();
  }

  /** Number of the first instruction at a guest address, or -1. */
  public int indexOf(long pc) {
    long[] pcs = pcs();
    for (int i = 0; i < pcs.length; i++) {
      if (pcs[i] == pc) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Encoding of instruction {@code index}; compressed ones are 16 bits. All of them are had faster
   * by {@link #encodings}.
   */
  public int encoding(int index) {
    return instructions.encoding(index);
  }

  /** Encodings of all its instructions. */
  public int[] encodings() {
    return instructions.encodings();
  }

  /** Length in bytes of instruction {@code index}. */
  public int instructionLength(int index) {
    return Instruction.lengthOf(encoding(index));
  }

  /** Length in bytes of all its instructions. */
  public int guestBytes() {
    return instructions.bytes();
  }

  /** Whether guest code still has the instructions it was made from. */
  public boolean isStillIn(CodeSource code) {
    return instructions.areIn(code);
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
    return pc(instructionAt(hostPc));
  }

  /** Where the guest's registers are at a fault or a stop at a host address. */
  public GuestState stateAt(long hostPc) {
    return states == null ? GuestState.FIXED : states.at(instructionAt(hostPc));
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
    return instructions.overlaps(start, end);
  }

  @Override
  public String toString() {
    return "block 0x"
        + Long.toHexString(pc)
        + " of "
        + instructionCount()
        + " instructions, mode "
        + mode;
  }
}
