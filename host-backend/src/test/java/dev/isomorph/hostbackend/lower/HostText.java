package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.StateSlot;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of host code for people: what they access in the register file is named. */
final class HostText {
  private static final Pattern STATE = Pattern.compile("\\[rbp( [+-] (0x)?[0-9a-f]+)?\\]");
  private static final Pattern BRANCH = Pattern.compile("(j[a-z]+|call) 0x([0-9a-f]+)");
  private static final int HEX = 16;
  private static final int REL32_DIGITS = 8;
  private static final Map<Integer, String> FIELDS = new HashMap<>();

  static {
    for (int slot = 1; slot < StateSlot.COUNT; slot++) {
      FIELDS.put(RegisterFile.slot(slot), StateSlot.name(slot));
    }
    FIELDS.put(RegisterFile.POLL, "poll flag");
    FIELDS.put(RegisterFile.HOST_RSP, "bottom of the return stack");
    FIELDS.put(RegisterFile.RETURN_STACK_LIMIT, "limit of the return stack");
    FIELDS.put(RegisterFile.JUMP_CACHE, "jump cache");
    FIELDS.put(RegisterFile.RESERVATION_ADDRESS, "reserved address");
    FIELDS.put(RegisterFile.RESERVATION_VALUE, "reserved value");
    FIELDS.put(RegisterFile.TEMP, "temporary");
    for (FloatConstants constant : FloatConstants.values()) {
      FIELDS.put(RegisterFile.CONSTANTS + 16 * constant.ordinal(), constant.name());
    }
    for (int i = 0; i < RegisterFile.ENTRY_COUNTERS; i++) {
      FIELDS.put(RegisterFile.entries(i), "entries " + i);
    }
    for (int i = 0; i < RegisterFile.SPILL_COUNT; i++) {
      FIELDS.put(RegisterFile.spill(i), "spill " + i);
    }
  }

  private HostText() {}

  /** One instruction of {@code code}. */
  static String line(HostDisassembler.Line line, byte[] code) {
    int at = (int) line.address();
    String bytes = HexFormat.of().formatHex(code, at, at + line.length());
    Matcher branch = BRANCH.matcher(line.text());
    if (branch.matches() && isOutside(Long.parseUnsignedLong(branch.group(2), HEX), code)) {
      // How far that is depends on the other stubs.
      String displacement = ".".repeat(REL32_DIGITS);
      bytes = bytes.substring(0, bytes.length() - REL32_DIGITS) + displacement;
      return line(at, bytes, branch.group(1) + " stub");
    }
    return line(at, bytes, line.text());
  }

  private static boolean isOutside(long target, byte[] code) {
    return target < 0 || target >= code.length;
  }

  private static String line(int offset, String bytes, String text) {
    String line = String.format("  %3x: %-22s %s", offset, bytes, text);
    Matcher state = STATE.matcher(text);
    if (state.find()) {
      String displacement = state.group(1) == null ? "0" : state.group(1).replace(" ", "");
      String field = FIELDS.get(Integer.decode(displacement));
      line = String.format("%-64s ; %s", line, field);
    }
    return line + "\n";
  }
}
