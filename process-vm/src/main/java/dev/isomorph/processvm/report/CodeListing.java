package dev.isomorph.processvm.report;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.processvm.ProcessObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Guest code, IR and host code of translations, as text. */
public final class CodeListing {
  private static final int BYTES_PER_LINE = 16;

  // Of a call rel32 (Intel SDM, volume 2).
  private static final int CALL = 0xe8;
  private static final int CALL_BYTES = 5;

  private final ProcessObserver.Names names;
  private Optional<HostDisassembler> host;

  public CodeListing(ProcessObserver.Names names) {
    this.names = names;
  }

  /**
   * The text for a translation.
   *
   * @param ir its IR as text
   * @param code its host code
   */
  public String of(TranslatedBlock block, String ir, byte[] code) {
    StringBuilder out = new StringBuilder();
    String name = names.nameOf(block.pc());
    out.append("==== 0x").append(Long.toHexString(block.pc()));
    out.append(name == null ? "" : " <" + name + ">").append('\n');
    Disassembler disassembler = new Disassembler(names::nameOf);
    for (int i = 0; i < block.instructionCount(); i++) {
      out.append("  ").append(Long.toHexString(block.pc(i))).append(":\t");
      hex(out, block.encoding(i) & 0xffff_ffffL, 2 * block.instructionLength(i)).append('\t');
      out.append(disassembler.line(Decoder.decode(block.encoding(i)), block.pc(i))).append('\n');
    }
    out.append("-- IR\n").append(ir);
    out.append("-- host, ").append(code.length).append(" bytes\n");
    listHost(out, code, block.address());
    return out.toString();
  }

  private void listHost(StringBuilder out, byte[] code, long address) {
    if (host == null) {
      host = HostDisassembler.open();
      if (host.isEmpty()) {
        out.append("(host code in hexadecimal: no Capstone library, or no JNA)\n");
      }
    }
    if (host.isPresent()) {
      for (int at = 0; at < code.length; ) {
        at = listUpToLink(out, code, at, address);
      }
      return;
    }
    for (int i = 0; i < code.length; i++) {
      if (i % BYTES_PER_LINE == 0) {
        out.append(i == 0 ? "  " : "\n  ").append(Long.toHexString(address + i)).append(":\t");
      }
      hex(out, code[i] & 0xff, 2).append(' ');
    }
    out.append('\n');
  }

  /** Lists instructions and, if there is one, the link stub behind them; returns where it ends. */
  private int listUpToLink(StringBuilder out, byte[] code, int start, long address) {
    byte[] rest = Arrays.copyOfRange(code, start, code.length);
    for (HostDisassembler.Line line : host.get().disassemble(rest, address + start)) {
      out.append("  ").append(Long.toHexString(line.address())).append(":\t");
      out.append(line.text()).append('\n');
      int at = (int) (line.address() - address);
      int data = at + CALL_BYTES;
      ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
      if ((code[at] & 0xff) == CALL && isLinkStub(bytes, at)) {
        out.append("  ")
            .append(Long.toHexString(address + data))
            .append(":\t(for the distance at 0x");
        out.append(Long.toHexString(address + data - bytes.getInt(data + Long.BYTES)));
        out.append(", to jump to 0x").append(Long.toHexString(bytes.getLong(data)));
        out.append(")\n");
        return data + CodeCache.LINK_DATA_BYTES;
      }
    }
    return code.length;
  }

  /** Whether the data behind a call leads to a branch that comes to the call. */
  private static boolean isLinkStub(ByteBuffer code, int at) {
    int data = at + CALL_BYTES;
    if (data + CodeCache.LINK_DATA_BYTES > code.limit()) {
      return false;
    }
    int branch = data - code.getInt(data + Long.BYTES);
    return branch >= 0 && branch < at && branch + Integer.BYTES + code.getInt(branch) == at;
  }

  private static StringBuilder hex(StringBuilder out, long value, int digits) {
    String text = Long.toHexString(value);
    return out.append("0".repeat(Math.max(0, digits - text.length()))).append(text);
  }
}
