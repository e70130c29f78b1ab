package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;

/**
 * What harts see when they use an address: where code and data are, and how code is to be taken.
 */
abstract sealed class GuestSpace permits WindowSpace, MachineSpace {
  /** No translation mode: nothing can be fetched. */
  static final int NO_MODE = -1;

  static final int SIGSEGV = 11;

  private static final int MAX_HOST_FRM = 3;

  /** How emitted code gets to data. */
  abstract Addressing addressing();

  /** What r15 holds for a new hart. */
  abstract long memoryBase();

  /** The translation mode of the code at a hart's pc, or {@link #NO_MODE}. */
  abstract int mode(Hart hart);

  /**
   * The mode for code elsewhere, of which it is known where it is, when here it is {@code mode}.
   */
  abstract int mode(int mode, PageMap pages, long pc);

  /**
   * The code at the hart's pc, as {@link #code} would have it if an instruction in two pages were
   * in one.
   *
   * @return null if there is no such instruction
   */
  abstract MappedCode straddling(Hart hart);

  /**
   * Whether a block of the {@linkplain #straddling straddling} instruction at the hart's pc would
   * be {@linkplain #isWhole whole} when the hart comes back to it; if not, it is of no use.
   */
  abstract boolean staysWhole(Hart hart);

  /**
   * What a hart has run lately, for translations of more than a block: for whoever has the turn,
   * whenever that is.
   */
  abstract MappedCode recent(Hart hart);

  /** Whether a block is what the hart has at its pc, in as far as it is in other pages, too. */
  abstract boolean isWhole(Hart hart, TranslatedBlock block);

  /** Whether the same pages of code may be at one address now and at others later. */
  abstract boolean movesCode();

  /** How code is lifted for translations of a mode. */
  abstract LiftMode translation(int mode);

  /** How code is lifted for the evaluator. */
  abstract LiftMode evaluation(Hart hart);

  /** The code around {@code pc} as it is now, for a translation of a mode. */
  abstract MappedCode code(long pc, int mode);

  /** The code as it is now where a block was made from. */
  abstract CodeSource code(TranslatedBlock block);

  /** The code that a hart fetches now. */
  abstract CodeSource codeFor(Hart hart);

  /** The data that a hart accesses. */
  abstract DataMemory dataFor(Hart hart);

  /** The signal for the last fault of an access to {@link #dataFor}. */
  int faultSignal() {
    return SIGSEGV;
  }

  /** Frees what it needs of the host's; its harts are gone. */
  void close() {}

  /** Whether frm is none of the host's rounding modes. */
  static boolean isUnusual(long frm) {
    return frm > MAX_HOST_FRM;
  }

  /** Whether guest memory still holds the instructions a block was translated from. */
  final boolean isCurrent(TranslatedBlock block) {
    try {
      return block.isStillIn(code(block));
    } catch (InternalError gone) {
      return false; // The file it was mapped from has become shorter.
    }
  }
}
