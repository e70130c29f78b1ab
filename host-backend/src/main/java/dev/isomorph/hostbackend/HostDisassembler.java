package dev.isomorph.hostbackend;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Listings of x86-64 machine code by the system's Capstone library, bound with JNA. Both are
 * optional at run time. Loading costs tens of milliseconds, so this is for listings and tests only.
 */
public final class HostDisassembler implements AutoCloseable {
  /**
   * One instruction.
   *
   * @param address of its first byte
   * @param length in bytes
   * @param text in Intel syntax, or {@code .byte …} for bytes that are no instruction
   */
  public record Line(long address, int length, String text) {}

  private static final List<String> LIBRARIES = List.of("libcapstone.so.5", "libcapstone.so.4");

  // From capstone.h: cs_arch, cs_mode, cs_opt_type, cs_opt_value.
  private static final int CS_ARCH_X86 = 3;
  private static final int CS_MODE_64 = 1 << 3;
  private static final int CS_OPT_SKIPDATA = 5;
  private static final int CS_OPT_ON = 3;

  // struct cs_insn; the byte array grew from 16 to 24 in version 5, moving what follows.
  private static final int INSN_ADDRESS = 8;
  private static final int INSN_SIZE = 16;
  private static final int INSN_BYTES = 18;
  private static final int MNEMONIC_LENGTH = 32;
  private static final int OP_STR_LENGTH = 160;

  private final Function disassemble;
  private final Function free;
  private final Function close;
  private final PointerByReference handle = new PointerByReference();
  private final int mnemonicOffset;
  private final int insnSize;

  private HostDisassembler(NativeLibrary library) {
    disassemble = library.getFunction("cs_disasm");
    free = library.getFunction("cs_free");
    close = library.getFunction("cs_close");
    IntByReference major = new IntByReference();
    library.getFunction("cs_version").invokeInt(new Object[] {major, new IntByReference()});
    mnemonicOffset = INSN_BYTES + (major.getValue() >= 5 ? 24 : 16);
    // The detail pointer that ends the structure is aligned.
    insnSize = (mnemonicOffset + MNEMONIC_LENGTH + OP_STR_LENGTH + 7 & -8) + Native.POINTER_SIZE;
    int error =
        library.getFunction("cs_open").invokeInt(new Object[] {CS_ARCH_X86, CS_MODE_64, handle});
    if (error != 0) {
      throw new UnsatisfiedLinkError("cs_open: error " + error);
    }
    library
        .getFunction("cs_option")
        .invokeInt(new Object[] {handle.getValue(), CS_OPT_SKIPDATA, new NativeLong(CS_OPT_ON)});
  }

  /** A disassembler, or empty when Capstone (4 or 5), its x86 part or JNA is not there. */
  public static Optional<HostDisassembler> open() {
    for (String name : LIBRARIES) {
      try {
        return Optional.of(new HostDisassembler(NativeLibrary.getInstance(name)));
      } catch (LinkageError absent) {
        // The next one may be there; a missing JNA fails for every name.
      }
    }
    return Optional.empty();
  }

  /** The instructions of {@code code}, whose first byte is taken to be at {@code address}. */
  public synchronized List<Line> disassemble(byte[] code, long address) {
    if (code.length == 0) {
      return List.of();
    }
    try (Memory memory = new Memory(code.length)) {
      memory.write(0, code, 0, code.length);
      PointerByReference instructions = new PointerByReference();
      NativeLong count =
          (NativeLong)
              disassemble.invoke(
                  NativeLong.class,
                  new Object[] {
                    handle.getValue(),
                    memory,
                    new NativeLong(code.length),
                    address,
                    new NativeLong(0),
                    instructions
                  });
      return lines(instructions.getValue(), count);
    }
  }

  private List<Line> lines(Pointer instructions, NativeLong count) {
    List<Line> lines = new ArrayList<>(count.intValue());
    for (int i = 0; i < count.intValue(); i++) {
      Pointer insn = instructions.share((long) i * insnSize, insnSize);
      String mnemonic = insn.getString(mnemonicOffset, "US-ASCII");
      String operands = insn.getString(mnemonicOffset + MNEMONIC_LENGTH, "US-ASCII");
      lines.add(
          new Line(
              insn.getLong(INSN_ADDRESS),
              insn.getShort(INSN_SIZE),
              operands.isEmpty() ? mnemonic : mnemonic + " " + operands));
    }
    if (instructions != null) {
      free.invokeVoid(new Object[] {instructions, count});
    }
    return lines;
  }

  /** Releases Capstone's state; no more calls after that. */
  @Override
  public synchronized void close() {
    close.invokeInt(new Object[] {handle});
  }
}
