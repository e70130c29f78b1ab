package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Mem;

/** Constants that emitted code reads from the register file, 16 bytes each. */
enum FloatConstants {
  SIGN_D(0x8000_0000_0000_0000L),
  ABS_D(0x7fff_ffff_ffff_ffffL),
  SIGN_S(0x8000_0000L),
  ABS_S(0x7fff_ffffL),
  CANONICAL_NAN_D(0x7ff8_0000_0000_0000L),
  CANONICAL_NAN_S(0x7fc0_0000L),
  /** The upper half of a boxed single. */
  BOX(0xffff_ffff_0000_0000L),
  MINUS_ONE_D(0xbff0_0000_0000_0000L),
  MINUS_ONE_S(0xbf80_0000L),
  TWO_TO_32_D(0x41f0_0000_0000_0000L),
  TWO_TO_32_S(0x4f80_0000L),
  TWO_TO_63_D(0x43e0_0000_0000_0000L),
  TWO_TO_63_S(0x5f00_0000L),
  TWO_TO_64_D(0x43f0_0000_0000_0000L),
  TWO_TO_64_S(0x5f80_0000L),
  LEAST_WORD_D(0xc1e0_0000_0000_0000L),
  LEAST_WORD_S(0xcf00_0000L),
  LEAST_LONG_D(0xc3e0_0000_0000_0000L),
  LEAST_LONG_S(0xdf00_0000L);

  private static final int SIZE = 16;
  private static final FloatConstants[] ALL = values();

  private final long bits;

  FloatConstants(long bits) {
    this.bits = bits;
  }

  Mem mem() {
    return Emission.state(RegisterFile.CONSTANTS + SIZE * ordinal());
  }

  /** Writes the constants and flag tables into a register file; {@code state} is what rbp gets. */
  static void write(long state) {
    for (FloatConstants constant : ALL) {
      long at = state + RegisterFile.CONSTANTS + (long) SIZE * constant.ordinal();
      HostMemory.putLong(at, constant.bits);
      HostMemory.putLong(at + 8, 0);
    }
    for (int mxcsr = 0; mxcsr < 64; mxcsr++) {
      HostMemory.putByte(
          state + RegisterFile.FLAGS_FROM_MXCSR + mxcsr, (byte) Mxcsr.toFflags(mxcsr));
    }
    for (int fflags = 0; fflags < 32; fflags++) {
      HostMemory.putByte(
          state + RegisterFile.FLAGS_TO_MXCSR + fflags, (byte) Mxcsr.fromFflags(fflags));
    }
  }
}
