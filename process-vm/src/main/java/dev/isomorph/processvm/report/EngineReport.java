package dev.isomorph.processvm.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import dev.isomorph.translator.ir.IrBlock;

/** Prints what an engine does, as far as it is asked for. */
public final class EngineReport implements EngineObserver {
  private final ExecutionTrace trace;
  private final CodeListing listing;

  private EngineReport(ExecutionTrace trace, CodeListing listing) {
    this.trace = trace;
    this.listing = listing;
  }

  /**
   * Makes a report.
   *
   * @param blocks whether each block is printed when it runs
   * @param instructions whether each instruction is; takes blocks of one instruction
   * @param code whether translations are listed
   * @return null if nothing is to be printed
   */
  public static EngineReport of(
      TextSink out, CodeNames names, boolean blocks, boolean instructions, boolean code) {
    if (!blocks && !instructions && !code) {
      return null;
    }
    return new EngineReport(
        blocks || instructions ? new ExecutionTrace(out, names, instructions) : null,
        code ? new CodeListing(out, names) : null);
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    if (listing != null) {
      listing.translated(optimised, block, code);
    }
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    if (trace != null) {
      trace.entering(block);
    }
  }
}
