package dev.isomorph.hostbackend.lower;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Guest code of whole machines whose translation differs from that in a process. */
final class PagedSequences {
  private static final int DYN = 7;
  private static final int PAGE = 4096;
  private static final int NOP_LENGTH = 4;

  private static final Map<String, Consumer<RiscvAssembler>> ALL = new LinkedHashMap<>();

  static {
    for (String name :
        new String[] {
          "memcpy-loop",
          "fib-epilogue",
          "far-call",
          "far-jump",
          "atomic-minimum",
          "atomic-adds",
          "compare-and-swap",
          "load-of-constant-address"
        }) {
      ALL.put(name, GoldenSequences.all().get(name));
    }
    ALL.put(
        "float-memory",
        a -> a.emit(FLW, FA0, 4, A0).emit(FSD, FA1, 8, A1).emit(FLD, FT0, 0, S3).ret());
    ALL.put(
        "word-sizes",
        a -> a.emit(LB, A0, 1, A1).emit(LHU, A2, 2, A1).emit(SW, A0, 4, A3).emit(SB, A2, 9, A3));
    ALL.put("zero-block", a -> a.emit(CBO_ZERO, A0).ret());
    ALL.put("branch-out-of-page", a -> a.emit(BNE, A0, A1, -8).emit(FMV_D_X, FA0, A0).ret());
    ALL.put("loop-in-page", PagedSequences::loop);
    ALL.put("end-of-page", PagedSequences::endOfPage);
    ALL.put("privileged", a -> a.emit(FADD_D, FA0, FA0, FA1, DYN).emit(CSRRS, A0, 0x300, ZERO));
  }

  private PagedSequences() {}

  /** Sequences by name. */
  static Map<String, Consumer<RiscvAssembler>> all() {
    return ALL;
  }

  private static void loop(RiscvAssembler a) {
    Label loop = a.here();
    a.emit(ADDI, A0, A0, -1).branch(BNE, A0, ZERO, loop);
  }

  /** Jumps to where the page ends but for one instruction. */
  private static void endOfPage(RiscvAssembler a) {
    a.emit(JAL, ZERO, PAGE - NOP_LENGTH);
    while (a.offset() < PAGE) {
      a.emit(ADDI, A0, A0, 1);
    }
  }
}
