package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * A program as it lies in memory. Not to be modified.
 *
 * @param text from {@link Places#TEXT} on
 * @param data from {@link Places#DATA} on
 * @param entry address of the first instruction
 */
record Image(byte[] text, byte[] data, long entry) {
  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int ET_EXEC = 2;
  private static final int EM_RISCV = 243;

  /** Compressed instructions, and double-precision floats in registers of calls. */
  private static final int FLAGS = 5;

  private static final int PT_LOAD = 1;
  private static final int READ_WRITE = 6;
  private static final int READ_WRITE_EXECUTE = 7;

  /** A static executable file for riscv64 Linux, with the code in a segment that may be changed. */
  byte[] elf() {
    int dataOffset = Places.PAGE + (text.length + Places.PAGE - 1) / Places.PAGE * Places.PAGE;
    ByteBuffer file = ByteBuffer.allocate(dataOffset + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    file.putShort((short) ET_EXEC).putShort((short) EM_RISCV).putInt(1);
    file.putLong(entry).putLong(ELF_HEADER).putLong(0).putInt(FLAGS);
    file.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2);
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    segment(file, READ_WRITE_EXECUTE, Places.PAGE, Places.TEXT, text.length);
    segment(file, READ_WRITE, dataOffset, Places.DATA, data.length);
    file.position(Places.PAGE).put(text);
    return file.position(dataOffset).put(data).array();
  }

  private static void segment(ByteBuffer file, int flags, long offset, long address, long size) {
    file.putInt(PT_LOAD).putInt(flags).putLong(offset).putLong(address).putLong(address);
    file.putLong(size).putLong(size).putLong(Places.PAGE);
  }

  /** The code as assembly text with addresses and encodings; tables are shown as if code, too. */
  String listing() {
    StringBuilder listing = new StringBuilder();
    int at = (int) (entry - Places.TEXT);
    while (at + 2 <= text.length) {
      int bits = parcel(at);
      if (Instruction.lengthOf(bits) == 4 && at + 4 <= text.length) {
        bits |= parcel(at + 2) << 16;
      }
      Instruction instruction = Decoder.decode(bits);
      long pc = Places.TEXT + at;
      String line = Disassembler.text(instruction, pc).replace('\t', ' ');
      listing.append(String.format(Locale.ROOT, "%6x: %08x  %s%n", pc, instruction.bits(), line));
      at += instruction.length();
    }
    return listing.toString();
  }

  private int parcel(int at) {
    return text[at] & 0xff | (text[at + 1] & 0xff) << 8;
  }
}
