package dev.isomorph.engine.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import java.io.PrintStream;
import java.util.function.LongFunction;

/**
 * Prints a line for each block that is entered. With blocks of one instruction that is a line for
 * each instruction, which then is shown in words.
 */
public final class TracePrinter implements EngineObserver {
  private final PrintStream out;
  private final LongFunction<String> symbols;

  /**
   * A printer to {@code out}.
   *
   * @param symbols gives {@code name+offset} for a guest address, or null
   */
  public TracePrinter(PrintStream out, LongFunction<String> symbols) {
    this.out = out;
    this.symbols = symbols;
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    StringBuilder line = new StringBuilder("core   0: ");
    Hex.append(line, block.pc(), 16);
    if (block.instructionCount() == 1) {
      int encoding = block.encoding(0);
      line.append(" (");
      Hex.append(line, encoding & 0xffff_ffffL, 2 * block.instructionLength(0));
      line.append(") ").append(Disassembler.text(Decoder.decode(encoding), block.pc()));
    } else {
      line.append(" (").append(block.instructionCount()).append(" instructions)");
    }
    String symbol = symbols.apply(block.pc());
    if (symbol != null) {
      line.append("  <").append(symbol).append('>');
    }
    out.println(line);
  }
}
