package dev.isomorph.processvm;

import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;

/** Looks over the shoulder of a program that runs. */
public interface ProcessObserver extends EngineObserver {
  /** Names guest addresses. */
  interface Names {
    /** Returns a name such as {@code main+0x12}, or null. */
    String nameOf(long address);
  }

  /** Guest instructions in a block, at most; 1 to be told of each. */
  int blockLimit();

  /**
   * Whether blocks jump to each other, so that the program runs as fast as it does unobserved; then
   * the observer is told of translations, but hardly of what runs.
   */
  default boolean allowsChaining() {
    return false;
  }

  /** Whether emitted code is to count what it executes. */
  default boolean wantsCounts() {
    return false;
  }

  /**
   * The program is in memory and its first thread about to run.
   *
   * @param hart the first thread's; its registers may be changed
   * @param space its memory, which may be changed, too
   */
  default void started(Hart hart, AddressSpace space, Names names) {}

  /**
   * The program has ended; called before this process does, if the program takes it along. An
   * exception keeps it from doing so.
   */
  default void ended(ProcessEnd end) {}

  /** The program has been replaced by another, which is not watched: the last call of all. */
  default void replaced() {}
}
