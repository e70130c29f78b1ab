package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.RegionOutline;

/** Looks over an engine's shoulder. */
public interface EngineObserver {
  /** The engine is there, with the code by which guest code is entered and left. */
  default void started(Stubs stubs) {}

  /**
   * A block has been translated.
   *
   * @param lifted the IR as lifted
   * @param optimised the IR that was compiled
   * @param code the host code, {@code block.length()} bytes, meant for {@code block.address()}
   */
  default void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {}

  /**
   * Whether hot loops are compiled as a whole in spite of the observer; it is not told when they
   * run.
   */
  default boolean allowsRegions() {
    return false;
  }

  /**
   * A hot loop has been translated as a whole.
   *
   * @param counter which of the {@link RegisterFile#entries} counts how often it is entered, or
   *     left where it should not be
   * @param code the host code, {@code region.length()} bytes, meant for {@code region.address()}
   */
  default void regionTranslated(
      RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {}

  /**
   * Hot code has no translation as a loop, or lost it.
   *
   * @param pc guest address of the loop's head or, if there is no loop, of the hot code
   */
  default void regionRefused(long pc, RegionRefusal reason) {}

  /** A block is about to run; called for every execution only if chaining is off. */
  default void entering(Hart hart, TranslatedBlock block) {}

  /**
   * Guest code has come back to the dispatcher; the hart's registers are current. Without chaining,
   * it comes from the block that was entered.
   *
   * @param stop why guest code stops, null if it goes on at the hart's pc
   */
  default void left(Hart hart, TranslatedBlock block, Stop stop) {}

  /** Both of two observers; the second one may be null. */
  static EngineObserver both(EngineObserver first, EngineObserver second) {
    return second == null ? first : new ObserverPair(first, second);
  }
}
