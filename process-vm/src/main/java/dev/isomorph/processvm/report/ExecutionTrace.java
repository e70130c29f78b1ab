package dev.isomorph.processvm.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;

/** A line for each block or instruction as it is about to run. */
final class ExecutionTrace {
  private static final int DIGITS = 16;
  private static final int MNEMONIC_WIDTH = 8;

  private final TextSink out;
  private final CodeNames names;
  private final boolean instructions;

  /**
   * Makes a trace.
   *
   * @param instructions whether blocks are single instructions, to be printed as such
   */
  ExecutionTrace(TextSink out, CodeNames names, boolean instructions) {
    this.out = out;
    this.names = names;
    this.instructions = instructions;
  }

  void entering(TranslatedBlock block) {
    if (instructions) {
      printInstruction(block);
    } else {
      printBlock(block);
    }
  }

  /** The form is that of Spike's log. */
  private void printInstruction(TranslatedBlock block) {
    int bits = block.encoding(0);
    long pc = block.pc();
    out.print("core   0: 0x").hex(pc, DIGITS);
    out.print(" (0x").hex(bits & 0xffff_ffffL, 2 * block.instructionLength(0)).print(") ");
    String text = Disassembler.text(Decoder.decode(bits), pc);
    int tab = text.indexOf('\t');
    if (tab < 0) {
      out.print(text);
    } else {
      out.print(text.substring(0, tab)).print(" ");
      for (int i = tab + 1; i < MNEMONIC_WIDTH; i++) {
        out.print(" ");
      }
      out.print(text.substring(tab + 1));
    }
    out.newLine();
  }

  private void printBlock(TranslatedBlock block) {
    out.print("0x").hex(block.pc(), DIGITS).print(" ");
    out.print(block.instructionCount()).print(" ");
    String name = names.nameOf(block.pc());
    out.print(name == null ? "?" : name).newLine();
  }
}
