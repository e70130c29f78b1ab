package dev.isomorph.conformance.coverage;

import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.decoder.Opcode;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which exception flags an instruction can raise. Sums have no underflow, since a tiny one is
 * exact; conversions to a wider format and of integers that always fit raise none.
 */
final class Flags {
  static final int NX = 1;
  static final int UF = 2;
  static final int OF = 4;
  static final int DZ = 8;
  static final int NV = 16;

  private static final Map<Opcode, Integer> TABLE = new EnumMap<>(Opcode.class);

  static {
    define("FADD FSUB", NX | OF | NV);
    define("FMUL FMADD FMSUB FNMADD FNMSUB", NX | UF | OF | NV);
    define("FDIV", NX | UF | OF | DZ | NV);
    define("FSQRT FROUNDNX", NX | NV);
    define("FROUND FMIN FMAX FMINM FMAXM FEQ FLT FLE FLTQ FLEQ", NV);
    define("FCVT_W FCVT_WU FCVT_L FCVT_LU FCVTMOD_W", NX | NV);
    exactly(NX, Opcode.FCVT_S_W, Opcode.FCVT_S_WU, Opcode.FCVT_S_L, Opcode.FCVT_S_LU);
    exactly(NX, Opcode.FCVT_D_L, Opcode.FCVT_D_LU);
    exactly(NV, Opcode.FCVT_D_S, Opcode.FCVT_D_H, Opcode.FCVT_S_H);
    exactly(NX | UF | OF | NV, Opcode.FCVT_S_D, Opcode.FCVT_H_S, Opcode.FCVT_H_D);
  }

  private Flags() {}

  /** Defines instructions of both formats. */
  private static void define(String names, int flags) {
    for (String name : names.split(" ")) {
      exactly(flags, Opcode.valueOf(name + "_D"));
      if (!name.startsWith("FCVTMOD")) {
        exactly(flags, Opcode.valueOf(name + "_S"));
      }
    }
  }

  private static void exactly(int flags, Opcode... opcodes) {
    for (Opcode opcode : opcodes) {
      TABLE.put(opcode, flags);
    }
  }

  static int of(Shape shape) {
    return TABLE.getOrDefault(shape.base(), 0);
  }
}
