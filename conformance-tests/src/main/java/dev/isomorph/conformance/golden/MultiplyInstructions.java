package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.IntegerInstructions.registers;
import static dev.isomorph.decoder.Opcode.*;

import java.math.BigInteger;
import java.util.function.BinaryOperator;

/**
 * Multiplication and division (ISA manual, chapter "M"), on unbounded integers. Dividing by zero
 * gives a quotient of all ones and the dividend as remainder; the one signed quotient that does not
 * fit wraps.
 */
final class MultiplyInstructions {
  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger MINUS_ONE = BigInteger.ONE.negate();

  private MultiplyInstructions() {}

  static BigInteger signed(long value) {
    return BigInteger.valueOf(value);
  }

  static BigInteger unsigned(long value) {
    return value < 0 ? signed(value).add(TWO_64) : signed(value);
  }

  private static BigInteger signedWord(long value) {
    return BigInteger.valueOf((int) value);
  }

  private static BigInteger unsignedWord(long value) {
    return BigInteger.valueOf(value & 0xffff_ffffL);
  }

  private static BigInteger quotient(BigInteger dividend, BigInteger divisor) {
    return divisor.signum() == 0 ? MINUS_ONE : dividend.divide(divisor);
  }

  private static BigInteger remainder(BigInteger dividend, BigInteger divisor) {
    return divisor.signum() == 0 ? dividend : dividend.remainder(divisor);
  }

  /** How a register is read as a number. */
  private interface Reading {
    BigInteger of(long register);
  }

  private static InstructionSet.Semantics whole(Reading reading, BinaryOperator<BigInteger> op) {
    return registers((a, b) -> op.apply(reading.of(a), reading.of(b)).longValue());
  }

  private static InstructionSet.Semantics word(Reading reading, BinaryOperator<BigInteger> op) {
    return registers((a, b) -> op.apply(reading.of(a), reading.of(b)).intValue());
  }

  private static long high(BigInteger product) {
    return product.shiftRight(64).longValue();
  }

  static void define(InstructionSet set) {
    set.define(MUL, whole(MultiplyInstructions::signed, BigInteger::multiply));
    set.define(MULH, registers((a, b) -> high(signed(a).multiply(signed(b)))));
    set.define(MULHSU, registers((a, b) -> high(signed(a).multiply(unsigned(b)))));
    set.define(MULHU, registers((a, b) -> high(unsigned(a).multiply(unsigned(b)))));
    set.define(DIV, whole(MultiplyInstructions::signed, MultiplyInstructions::quotient));
    set.define(DIVU, whole(MultiplyInstructions::unsigned, MultiplyInstructions::quotient));
    set.define(REM, whole(MultiplyInstructions::signed, MultiplyInstructions::remainder));
    set.define(REMU, whole(MultiplyInstructions::unsigned, MultiplyInstructions::remainder));
    set.define(MULW, word(MultiplyInstructions::signedWord, BigInteger::multiply));
    set.define(DIVW, word(MultiplyInstructions::signedWord, MultiplyInstructions::quotient));
    set.define(DIVUW, word(MultiplyInstructions::unsignedWord, MultiplyInstructions::quotient));
    set.define(REMW, word(MultiplyInstructions::signedWord, MultiplyInstructions::remainder));
    set.define(REMUW, word(MultiplyInstructions::unsignedWord, MultiplyInstructions::remainder));
  }
}
