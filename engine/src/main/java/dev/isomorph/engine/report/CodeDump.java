package dev.isomorph.engine.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongFunction;

/** Prints each translation: the guest code, its IR after optimisation, and the host code. */
public final class CodeDump implements EngineObserver {
  private static final int BYTES_PER_LINE = 16;

  private final PrintStream out;
  private final LongFunction<String> symbols;
  private final Optional<HostDisassembler> host;

  /**
   * A dump to {@code out}. Without the Capstone library host code is shown in hexadecimal, which is
   * said once.
   *
   * @param symbols gives {@code name+offset} for a guest address, or null
   */
  public CodeDump(PrintStream out, LongFunction<String> symbols) {
    this.out = out;
    this.symbols = symbols;
    host = HostDisassembler.open();
    if (host.isEmpty()) {
      out.println("isomorph: host code is shown in hexadecimal: libcapstone is not installed");
    }
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    StringBuilder text = new StringBuilder();
    text.append("---- block ");
    Hex.append(text, block.pc(), 16);
    String symbol = symbols.apply(block.pc());
    if (symbol != null) {
      text.append(" <").append(symbol).append('>');
    }
    text.append(", ").append(block.instructionCount()).append(" instructions, ");
    text.append(block.length()).append(" bytes of host code\nguest:\n");
    guest(block, text);
    text.append("ir:\n").append(optimised).append("host:\n");
    host(block, code, text);
    out.print(text);
  }

  private void guest(TranslatedBlock block, StringBuilder text) {
    for (int i = 0; i < block.instructionCount(); i++) {
      int encoding = block.encoding(i);
      text.append("  ");
      Hex.append(text, block.pc(i), 16);
      text.append("  ");
      Hex.append(text, encoding & 0xffff_ffffL, 2 * block.instructionLength(i));
      text.append(block.instructionLength(i) == 2 ? "      " : "  ");
      text.append(Disassembler.text(Decoder.decode(encoding), block.pc(i))).append('\n');
    }
  }

  private void host(TranslatedBlock block, byte[] code, StringBuilder text) {
    byte[] bytes = Arrays.copyOf(code, block.length());
    if (host.isPresent()) {
      for (HostDisassembler.Line line : host.get().disassemble(bytes, block.address())) {
        text.append("  ");
        Hex.append(text, line.address(), 12);
        text.append("  ").append(line.text()).append('\n');
      }
      return;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (i % BYTES_PER_LINE == 0) {
        text.append(i == 0 ? "  " : "\n  ");
      }
      text.append(Character.forDigit(bytes[i] >> 4 & 15, 16));
      text.append(Character.forDigit(bytes[i] & 15, 16)).append(' ');
    }
    text.append('\n');
  }
}
