package dev.isomorph.systemvm.monitor;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.systemvm.gdb.HartMemory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows memory as {@code /fmt} wants it: how many, in which of the formats x, d, u, o, c and i, and
 * of which size, b, h, w or g.
 */
record MemoryDump(int count, char format, int bytes) {
  private static final Pattern SYNTAX =
      Pattern.compile("/(\\d{0,6})([xduoci]?[bhwg]?|[bhwg][xduoci])");
  private static final int LINE = 16;
  private static final int MOST = 65536;
  private static final String NOTHING = "cannot be accessed\n";

  /** What is shown if nothing is said. */
  static final String DEFAULT = "/1xw";

  static MemoryDump parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a format is / with a number, one of xduoci and one of bhwg, not '" + text + "'");
    }
    int count = matcher.group(1).isEmpty() ? 1 : Integer.parseInt(matcher.group(1));
    if (count > MOST) {
      throw new IllegalArgumentException("at most " + MOST + " are shown");
    }
    char format = letter(matcher.group(2), "xduoci", 'x');
    int bytes =
        switch (letter(matcher.group(2), "bhwg", format == 'c' ? 'b' : 'w')) {
          case 'b' -> 1;
          case 'h' -> 2;
          case 'g' -> 8;
          default -> 4;
        };
    return new MemoryDump(count, format, bytes);
  }

  /** The one of {@code possible} that is there, in whatever order. */
  private static char letter(String letters, String possible, char usual) {
    return (char) letters.chars().filter(c -> possible.indexOf(c) >= 0).findFirst().orElse(usual);
  }

  /** The memory from an address on. */
  String of(HartMemory memory, long address) {
    return format == 'i' ? code(memory, address) : values(memory, address);
  }

  private String code(HartMemory memory, long address) {
    StringBuilder text = new StringBuilder();
    long pc = address;
    for (int i = 0; i < count; i++) {
      text.append("0x%016x:  ".formatted(pc));
      byte[] parcel = memory.read(pc, 2);
      int length = parcel.length < 2 ? 2 : Instruction.lengthOf((int) number(parcel, 0, 2));
      byte[] code = memory.read(pc, length);
      if (code.length < length) {
        return text.append(NOTHING).toString();
      }
      Instruction instruction = Decoder.decode((int) number(code, 0, length));
      text.append(Disassembler.text(instruction, pc).replace('\t', ' ')).append('\n');
      pc += length;
    }
    return text.toString();
  }

  private String values(HartMemory memory, long address) {
    StringBuilder text = new StringBuilder();
    int perLine = Math.max(1, LINE / bytes / (format == 'x' || format == 'c' ? 1 : 2));
    for (int i = 0; i < count; i++) {
      long at = address + (long) i * bytes;
      if (i % perLine == 0) {
        text.append(i == 0 ? "" : "\n").append("%016x:".formatted(at));
      }
      byte[] value = memory.read(at, bytes);
      if (value.length < bytes) {
        return text.append(' ').append(NOTHING).toString();
      }
      text.append(' ').append(value(number(value, 0, bytes)));
    }
    return text.append('\n').toString();
  }

  private String value(long bits) {
    int unused = Long.SIZE - Byte.SIZE * bytes;
    return switch (format) {
      case 'd' -> Long.toString(bits << unused >> unused);
      case 'u' -> Long.toUnsignedString(bits);
      case 'o' -> "0" + Long.toOctalString(bits);
      case 'c' ->
          bits >= ' ' && bits <= '~' ? "'" + (char) bits + "'" : "'\\x%02x'".formatted(bits);
      default -> ("0x%0" + 2 * bytes + "x").formatted(bits);
    };
  }

  private static long number(byte[] from, int start, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | from[start + i] & 0xff;
    }
    return value;
  }
}
