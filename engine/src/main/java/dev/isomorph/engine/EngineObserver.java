package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.translator.ir.IrBlock;

/** Looks over an engine's shoulder. */
public interface EngineObserver {
  /**
   * A block has been translated.
   *
   * @param lifted the IR as lifted
   * @param optimised the IR that was compiled
   * @param code the host code, {@code block.length()} bytes, meant for {@code block.address()}
   */
  default void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {}

  /** A block is about to run; called for every execution only if chaining is off. */
  default void entering(Hart hart, TranslatedBlock block) {}

  /**
   * Guest code has come back to the dispatcher; the hart's registers are current. Without chaining,
   * it comes from the block that was entered.
   *
   * @param stop why guest code stops, null if it goes on at the hart's pc
   */
  default void left(Hart hart, TranslatedBlock block, Stop stop) {}
}
