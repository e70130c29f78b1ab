package dev.isomorph.conformance.witness;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Writes down the blocks an engine translates, if asked to. */
final class TranslationLog implements EngineObserver {
  /** Null while nobody asks. */
  private StringBuilder text;

  /**
   * Has a scenario translated anew by the engine that tells this log, and gives the IR and the host
   * code of its blocks.
   */
  String of(Witness witness, Scenario scenario) {
    witness.load(scenario.withCode(Layout.FILLER & 0xffff));
    text = new StringBuilder();
    try {
      witness.observe(scenario);
    } catch (RuntimeException failed) {
      // That is what the report is about.
    }
    String result = text.toString();
    text = null;
    return result;
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    if (text == null) {
      return;
    }
    text.append(String.format("block at 0x%x, as lifted:%n%s", block.pc(), lifted));
    if (optimised != lifted) {
      text.append(String.format("optimised:%n%s", optimised));
    }
    text.append(String.format("host code:%n"));
    appendHostCode(Arrays.copyOf(code, block.length()), block.address());
  }

  private void appendHostCode(byte[] code, long address) {
    Optional<HostDisassembler> disassembler = HostDisassembler.open();
    if (disassembler.isEmpty()) {
      text.append(String.format("  %s%n", HexFormat.of().formatHex(code)));
      return;
    }
    try (HostDisassembler lines = disassembler.get()) {
      for (HostDisassembler.Line line : lines.disassemble(code, address)) {
        text.append(String.format("  %4x: %s%n", line.address() - address, line.text()));
      }
    }
  }
}
