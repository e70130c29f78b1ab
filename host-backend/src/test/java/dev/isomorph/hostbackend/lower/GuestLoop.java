package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.lift.CodeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop of guest code, or a function that calls itself, as a compiler made it, kept in {@code
 * loops/loops.txt}.
 *
 * @param source the C file it comes from
 * @param code its instructions, from {@link #PC} on
 * @param hot guest address of an instruction in its innermost loop, or of the first of the function
 */
record GuestLoop(String name, String source, byte[] code, long hot) implements CodeSource {
  static final long PC = 0x10000;

  private static final String HEAD = "= ";
  private static final String HOT = ">";

  /** All loops, in the order in which they are kept. */
  static List<GuestLoop> all() throws IOException {
    List<GuestLoop> loops = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : GoldenFiles.read("loops/loops.txt").split("\n")) {
      if (line.startsWith(HEAD) && !lines.isEmpty()) {
        loops.add(parse(lines));
        lines.clear();
      }
      if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(line);
      }
    }
    loops.add(parse(lines));
    return loops;
  }

  private static GuestLoop parse(List<String> lines) {
    String[] head = lines.getFirst().substring(HEAD.length()).split(": ");
    RiscvAssembler assembler = new RiscvAssembler();
    long hot = -1;
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith(HOT)) {
        hot = PC + assembler.offset();
      }
      assembler.raw(Integer.parseUnsignedInt(line.substring(2).split(" ")[0], 16));
    }
    return new GuestLoop(head[0], head[1], assembler.bytes(), hot);
  }

  @Override
  public int parcel(long pc) {
    int at = (int) (pc - PC);
    boolean inside = at >= 0 && at + 1 < code.length;
    return inside ? code[at] & 0xff | (code[at + 1] & 0xff) << 8 : -1;
  }

  /** Its instructions as text, a line each. */
  String text() {
    StringBuilder out = new StringBuilder();
    for (long pc = PC; parcel(pc) >= 0; ) {
      Instruction instruction = instruction(pc);
      String text = Disassembler.text(instruction, pc);
      out.append(String.format("  %s %x %s%n", pc == hot ? HOT : " ", pc, text));
      pc += instruction.length();
    }
    return out.toString();
  }
}
