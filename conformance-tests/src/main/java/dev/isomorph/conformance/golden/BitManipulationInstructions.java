package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.IntegerInstructions.immediate;
import static dev.isomorph.conformance.golden.IntegerInstructions.registers;
import static dev.isomorph.conformance.golden.IntegerInstructions.unary;
import static dev.isomorph.conformance.golden.IntegerInstructions.wordImmediate;
import static dev.isomorph.conformance.golden.IntegerInstructions.wordRegisters;
import static dev.isomorph.decoder.Opcode.*;

import java.math.BigInteger;

/** Bit manipulation (ISA manual, chapter "B": Zba, Zbb, Zbc, Zbs). */
final class BitManipulationInstructions {
  private static final int BITS = 64;

  private BitManipulationInstructions() {}

  private static long word(long value) {
    return value & 0xffff_ffffL;
  }

  /** The length of the run of zeros from the top of the lower {@code width} bits. */
  private static int leadingZeros(long value, int width) {
    int count = 0;
    while (count < width && bit(value, width - 1 - count) == 0) {
      count++;
    }
    return count;
  }

  private static int trailingZeros(long value, int width) {
    int count = 0;
    while (count < width && bit(value, count) == 0) {
      count++;
    }
    return count;
  }

  private static int ones(long value, int width) {
    int count = 0;
    for (int n = 0; n < width; n++) {
      count += (int) bit(value, n);
    }
    return count;
  }

  private static long bit(long value, long n) {
    return value >>> n & 1;
  }

  private static long mask(long n) {
    return 1L << (n & 63);
  }

  private static long rotateRight(long value, long n) {
    int amount = (int) n & 63;
    return amount == 0 ? value : value >>> amount | value << BITS - amount;
  }

  private static int rotateRightWord(int value, int n) {
    int amount = n & 31;
    return amount == 0 ? value : value >>> amount | value << 32 - amount;
  }

  private static long orCombine(long value) {
    long result = 0;
    for (int n = 0; n < BITS; n += 8) {
      result |= (value >>> n & 0xff) == 0 ? 0 : 0xffL << n;
    }
    return result;
  }

  private static long reverseBytes(long value) {
    long result = 0;
    for (int n = 0; n < BITS; n += 8) {
      result |= (value >>> n & 0xff) << BITS - 8 - n;
    }
    return result;
  }

  /** The product of two polynomials over the field of two elements. */
  private static BigInteger carrylessProduct(long a, long b) {
    BigInteger result = BigInteger.ZERO;
    for (int n = 0; n < BITS; n++) {
      if (bit(b, n) != 0) {
        result = result.xor(MultiplyInstructions.unsigned(a).shiftLeft(n));
      }
    }
    return result;
  }

  private static void defineAddresses(InstructionSet set) {
    set.define(SH1ADD, registers((a, b) -> (a << 1) + b));
    set.define(SH2ADD, registers((a, b) -> (a << 2) + b));
    set.define(SH3ADD, registers((a, b) -> (a << 3) + b));
    set.define(ADD_UW, registers((a, b) -> word(a) + b));
    set.define(SH1ADD_UW, registers((a, b) -> (word(a) << 1) + b));
    set.define(SH2ADD_UW, registers((a, b) -> (word(a) << 2) + b));
    set.define(SH3ADD_UW, registers((a, b) -> (word(a) << 3) + b));
    set.define(SLLI_UW, immediate((a, n) -> word(a) << n));
  }

  private static void defineBasics(InstructionSet set) {
    set.define(ANDN, registers((a, b) -> a & ~b));
    set.define(ORN, registers((a, b) -> a | ~b));
    set.define(XNOR, registers((a, b) -> ~(a ^ b)));
    set.define(CLZ, unary(a -> leadingZeros(a, 64)));
    set.define(CTZ, unary(a -> trailingZeros(a, 64)));
    set.define(CPOP, unary(a -> ones(a, 64)));
    set.define(CLZW, unary(a -> leadingZeros(a, 32)));
    set.define(CTZW, unary(a -> trailingZeros(a, 32)));
    set.define(CPOPW, unary(a -> ones(a, 32)));
    set.define(MIN, registers((a, b) -> a < b ? a : b));
    set.define(MINU, registers((a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b));
    set.define(MAX, registers((a, b) -> a < b ? b : a));
    set.define(MAXU, registers((a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a));
    set.define(SEXT_B, unary(a -> (byte) a));
    set.define(SEXT_H, unary(a -> (short) a));
    set.define(ZEXT_H, unary(a -> a & 0xffff));
    set.define(ROL, registers((a, n) -> rotateRight(a, -n)));
    set.define(ROR, registers((a, n) -> rotateRight(a, n)));
    set.define(RORI, immediate((a, n) -> rotateRight(a, n)));
    set.define(ROLW, wordRegisters((a, n) -> rotateRightWord(a, -n)));
    set.define(RORW, wordRegisters((a, n) -> rotateRightWord(a, n)));
    set.define(RORIW, wordImmediate((a, n) -> rotateRightWord(a, n)));
    set.define(ORC_B, unary(BitManipulationInstructions::orCombine));
    set.define(REV8, unary(BitManipulationInstructions::reverseBytes));
  }

  static void define(InstructionSet set) {
    defineAddresses(set);
    defineBasics(set);
    set.define(CLMUL, registers((a, b) -> carrylessProduct(a, b).longValue()));
    set.define(CLMULH, registers((a, b) -> carrylessProduct(a, b).shiftRight(64).longValue()));
    set.define(CLMULR, registers((a, b) -> carrylessProduct(a, b).shiftRight(63).longValue()));
    set.define(BCLR, registers((a, n) -> a & ~mask(n)));
    set.define(BCLRI, immediate((a, n) -> a & ~mask(n)));
    set.define(BEXT, registers((a, n) -> bit(a, n & 63)));
    set.define(BEXTI, immediate((a, n) -> bit(a, n)));
    set.define(BINV, registers((a, n) -> a ^ mask(n)));
    set.define(BINVI, immediate((a, n) -> a ^ mask(n)));
    set.define(BSET, registers((a, n) -> a | mask(n)));
    set.define(BSETI, immediate((a, n) -> a | mask(n)));
  }
}
