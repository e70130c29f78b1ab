package dev.isomorph.processvm.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import dev.isomorph.translator.ir.IrBlock;
import java.util.Arrays;

/** Prints what an engine does, as far as it is asked for. */
public final class EngineReport implements EngineObserver {
  private final ExecutionTrace trace;
  private final CodeListing listing;

  private final TextSink out;

  private EngineReport(TextSink out, ExecutionTrace trace, CodeListing listing) {
    this.out = out;
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
        out,
        blocks || instructions ? new ExecutionTrace(out, names, instructions) : null,
        code ? new CodeListing(names::nameOf) : null);
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    if (listing != null) {
      out.print(listing.of(block, optimised.toString(), Arrays.copyOf(code, block.length())));
      out.flush();
    }
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    if (trace != null) {
      trace.entering(block);
    }
  }
}
