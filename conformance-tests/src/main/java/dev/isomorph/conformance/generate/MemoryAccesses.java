package dev.isomorph.conformance.generate;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.decoder.Opcode;
import java.util.EnumMap;
import java.util.Map;

/** Which instructions access memory at rs1 plus an immediate, and how many bytes. */
public final class MemoryAccesses {
  private static final Map<Opcode, Integer> WIDTHS = new EnumMap<>(Opcode.class);

  static {
    define(1, LB, LBU, SB);
    define(2, LH, LHU, SH, FLH, FSH);
    define(4, LW, LWU, SW, FLW, FSW);
    define(8, LD, SD, FLD, FSD);
    define(64, CBO_ZERO, CBO_CLEAN, CBO_FLUSH, CBO_INVAL, PREFETCH_I, PREFETCH_R, PREFETCH_W);
    for (Opcode opcode : Opcode.values()) {
      if (isAtomic(opcode)) {
        define(opcode.name().endsWith("_W") ? 4 : 8, opcode);
      }
    }
  }

  private MemoryAccesses() {}

  private static void define(int bytes, Opcode... opcodes) {
    for (Opcode opcode : opcodes) {
      WIDTHS.put(opcode, bytes);
    }
  }

  /** Bytes that an instruction accesses; 0 if it does not access memory. */
  public static int width(Opcode opcode) {
    return WIDTHS.getOrDefault(opcode, 0);
  }

  /** Whether the address must be a multiple of the width. */
  public static boolean isAtomic(Opcode opcode) {
    return opcode.extension() == dev.isomorph.decoder.Extension.A;
  }

  /** The load-reserved that goes with a store-conditional; null for other instructions. */
  static Opcode reservation(Opcode opcode) {
    return opcode == SC_W ? LR_W : opcode == SC_D ? LR_D : null;
  }
}
