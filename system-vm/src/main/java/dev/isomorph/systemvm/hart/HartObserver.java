package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.Hart;

/**
 * Hears of the instructions that a hart leaves translated code for; called on the hart's thread.
 * The others are an {@link dev.isomorph.engine.EngineObserver}'s.
 */
public interface HartObserver {
  /** Harts of the machine are watched from now on; called for each before it runs. */
  void observes(SystemHart hart, Hart engineHart);

  /** The machine is about to execute the instruction at pc, 16 or 32 bits. */
  void executing(SystemHart hart, int encoding);

  /**
   * It has.
   *
   * @param retired false if a trap was taken, or if the instruction is to be executed again
   */
  void executed(SystemHart hart, boolean retired);
}
