package dev.isomorph.engine;

import dev.isomorph.translator.eval.DataMemory;

/**
 * How a hart of a whole machine gets from virtual addresses to memory. All is asked by the thread
 * that runs the hart, without the turn but for {@link #frame}: the answers may take their time.
 *
 * <p>What an address is mapped to may change only while the hart is outside of {@link Hart#run}.
 */
public interface Mmu extends CodePages {
  /**
   * The hart has come out of emitted code, which may have gone to another {@link
   * dev.isomorph.hostbackend.lower.Context}: what is asked from now on is asked for that one.
   */
  default void left(Hart hart) {}

  /**
   * The frame of the page that the instruction parcel at {@code pc} is in. Before the stop for an
   * instruction that cannot be fetched, it is asked last for the parcel that the stop names.
   *
   * @return {@link #NO_FRAME} if it must not be fetched, or is not in one
   */
  @Override
  int frame(long pc);

  /**
   * Whether all of the page that {@link #frame} was asked for last may be fetched if that parcel
   * may: what is in other pages is not translated.
   */
  default boolean isWholePage() {
    return true;
  }

  /**
   * The pages of code that the hart has run lately, as they are now: what any thread may ask, and
   * what does not change any more.
   */
  CodePages recentCode();

  /**
   * Whether float instructions can be used. As the mapping, this changes outside of {@link
   * Hart#run} only; the code of the jump cache in use is for the one case or the other.
   */
  boolean floats();

  /** Whether the hart is in supervisor mode. */
  boolean supervisor();

  /**
   * Tries to enter the page of a data access into the TLB in use.
   *
   * @return false if the access is one for {@link #memory}: it crosses into another page, is to a
   *     device, or faults
   */
  boolean fill(long address, int bytes, boolean store);

  /**
   * As {@link #fill}, for an access that has faulted at a host address, and so that it does not
   * fault there again.
   */
  default boolean fillAlias(long host, boolean store) {
    return false;
  }

  /** Whether a host address is one where the TLB in use may have a page's alias. */
  default boolean isAlias(long host) {
    return false;
  }

  /** The hart has been found in emitted code: what it uses now it may be using for a while. */
  default void sampled() {}

  /**
   * Virtual memory, for single instructions. What throws a fault remembers why, as the trap is to
   * tell.
   */
  DataMemory memory();

  /**
   * Whether the last instruction has accessed, by {@link #memory}, what somebody watches. Pages
   * with watched data are never filled.
   */
  default boolean hasTripped() {
    return false;
  }
}
