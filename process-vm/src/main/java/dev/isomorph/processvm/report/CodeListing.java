package dev.isomorph.processvm.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import java.util.Arrays;
import java.util.Optional;

/** Guest code, IR and host code of each translation. */
final class CodeListing {
  private static final int BYTES_PER_LINE = 16;

  private final TextSink out;
  private final CodeNames names;
  private Optional<HostDisassembler> host;

  CodeListing(TextSink out, CodeNames names) {
    this.out = out;
    this.names = names;
  }

  void translated(IrBlock optimised, TranslatedBlock block, byte[] code) {
    String name = names.nameOf(block.pc());
    out.print("==== 0x").hex(block.pc(), 1);
    out.print(name == null ? "" : " <" + name + ">").newLine();
    Disassembler disassembler = new Disassembler(names::nameOf);
    for (int i = 0; i < block.instructionCount(); i++) {
      out.print("  ").hex(block.pc(i), 1).print(":\t");
      out.hex(block.encoding(i) & 0xffff_ffffL, 2 * block.instructionLength(i)).print("\t");
      out.print(disassembler.line(Decoder.decode(block.encoding(i)), block.pc(i))).newLine();
    }
    out.print("-- IR\n").print(optimised.toString());
    out.print("-- host, ").print(block.length()).print(" bytes\n");
    printHost(Arrays.copyOf(code, block.length()), block.address());
    out.flush();
  }

  private void printHost(byte[] code, long address) {
    if (host == null) {
      host = HostDisassembler.open();
      if (host.isEmpty()) {
        out.print("(host code in hexadecimal: no Capstone library, or no JNA)\n");
      }
    }
    if (host.isPresent()) {
      for (HostDisassembler.Line line : host.get().disassemble(code, address)) {
        out.print("  ").hex(line.address(), 1).print(":\t").print(line.text()).newLine();
      }
      return;
    }
    for (int i = 0; i < code.length; i++) {
      if (i % BYTES_PER_LINE == 0) {
        out.print(i == 0 ? "  " : "\n  ").hex(address + i, 1).print(":\t");
      }
      out.hex(code[i] & 0xff, 2).print(" ");
    }
    out.newLine();
  }
}
