package dev.isomorph.tools.explain;

import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.Stubs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host code as text, with a word on what its operands in memory are. */
final class HostListing {
  /** Of the register file, to which rbp points. */
  private static final Pattern STATE = Pattern.compile("\\[rbp(?: ([+-]) (?:0x)?([0-9a-f]+))?\\]");

  private static final Pattern BRANCH = Pattern.compile("(j[a-z]+|call) 0x([0-9a-f]+)");

  private final Optional<HostDisassembler> disassembler = HostDisassembler.open();
  private final Stubs stubs;

  /**
   * A line.
   *
   * @param offset in the translation
   * @param isSpill whether it accesses a spill slot
   * @param isGuestState whether it accesses a guest register in memory
   * @param note what an operand in memory is; empty for none
   */
  record Line(int offset, String text, boolean isSpill, boolean isGuestState, String note) {}

  HostListing(Stubs stubs) {
    this.stubs = stubs;
  }

  /** Whether lines are instructions; without Capstone they are bytes. */
  boolean hasInstructions() {
    return disassembler.isPresent();
  }

  /** All lines of a translation that will be at a host address. */
  List<Line> lines(byte[] code, List<CodeMap.Part> parts, long address) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int start = parts.get(i).offset();
      int end = i + 1 < parts.size() ? parts.get(i + 1).offset() : code.length;
      byte[] bytes = Arrays.copyOfRange(code, start, end);
      if (parts.get(i).kind() == CodeMap.Kind.DATA || disassembler.isEmpty()) {
        lines.add(new Line(start, HexFormat.ofDelimiter(" ").formatHex(bytes), false, false, ""));
      } else {
        disassembler
            .get()
            .disassemble(bytes, address + start)
            .forEach(line -> lines.add(line(line, address, code.length)));
      }
    }
    return lines;
  }

  private Line line(HostDisassembler.Line line, long address, int length) {
    int offset = (int) (line.address() - address);
    Matcher branch = BRANCH.matcher(line.text());
    if (branch.matches()) {
      long target = Long.parseUnsignedLong(branch.group(2), 16);
      return new Line(
          offset, branch.group(1) + " " + target(target, address, length), false, false, "");
    }
    Matcher state = STATE.matcher(line.text());
    if (!state.find()) {
      return new Line(offset, line.text(), false, false, "");
    }
    int displacement = state.group(2) == null ? 0 : displacement(state);
    String name = RegisterFile.nameAt(displacement);
    return new Line(
        offset,
        line.text(),
        RegisterFile.isSpill(displacement),
        RegisterFile.isGuestRegister(displacement),
        name == null ? "" : name);
  }

  private static int displacement(Matcher state) {
    // Capstone writes small numbers without 0x, which are the same in both systems up to 9.
    int distance = Integer.parseInt(state.group(2), 16);
    return state.group(1).equals("-") ? -distance : distance;
  }

  private String target(long target, long address, int length) {
    if (target >= address && target < address + length) {
      return "+" + Long.toHexString(target - address);
    }
    for (Stubs.Stub stub : stubs.all()) {
      if (target == stub.address()) {
        return "stub " + stub.name();
      }
    }
    return "0x" + Long.toHexString(target);
  }
}
