package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Avx;

/** What differs in the code for the two formats with arithmetic. */
enum Precision {
  SINGLE(
      4,
      8,
      Avx.ToInteger.VCVTTSS2SI,
      Avx.ToInteger.VCVTSS2SI,
      Avx.FromInteger.VCVTSI2SS,
      Avx.BinaryImm.VROUNDSS,
      Avx.Unary.VUCOMISS,
      Avx.Binary.VADDSS,
      Avx.Binary.VSUBSS,
      Avx.Binary.VMULSS,
      FloatConstants.CANONICAL_NAN_S,
      FloatConstants.MINUS_ONE_S,
      FloatConstants.TWO_TO_32_S,
      FloatConstants.TWO_TO_63_S,
      FloatConstants.TWO_TO_64_S,
      FloatConstants.LEAST_WORD_S,
      FloatConstants.LEAST_LONG_S),
  DOUBLE(
      8,
      11,
      Avx.ToInteger.VCVTTSD2SI,
      Avx.ToInteger.VCVTSD2SI,
      Avx.FromInteger.VCVTSI2SD,
      Avx.BinaryImm.VROUNDSD,
      Avx.Unary.VUCOMISD,
      Avx.Binary.VADDSD,
      Avx.Binary.VSUBSD,
      Avx.Binary.VMULSD,
      FloatConstants.CANONICAL_NAN_D,
      FloatConstants.MINUS_ONE_D,
      FloatConstants.TWO_TO_32_D,
      FloatConstants.TWO_TO_63_D,
      FloatConstants.TWO_TO_64_D,
      FloatConstants.LEAST_WORD_D,
      FloatConstants.LEAST_LONG_D);

  /** Bytes of a value. */
  final int size;

  final int exponentBits;

  /** To an integer, towards zero. */
  final Avx.ToInteger truncate;

  /** To an integer, as MXCSR says. */
  final Avx.ToInteger convert;

  final Avx.FromInteger fromInteger;

  /** To an integral value. */
  final Avx.BinaryImm round;

  final Avx.Unary compare;
  final Avx.Binary add;
  final Avx.Binary subtract;
  final Avx.Binary multiply;
  final FloatConstants nan;
  final FloatConstants minusOne;
  final FloatConstants twoTo32;
  final FloatConstants twoTo63;
  final FloatConstants twoTo64;
  final FloatConstants leastWord;
  final FloatConstants leastLong;

  Precision(
      int size,
      int exponentBits,
      Avx.ToInteger truncate,
      Avx.ToInteger convert,
      Avx.FromInteger fromInteger,
      Avx.BinaryImm round,
      Avx.Unary compare,
      Avx.Binary add,
      Avx.Binary subtract,
      Avx.Binary multiply,
      FloatConstants nan,
      FloatConstants minusOne,
      FloatConstants twoTo32,
      FloatConstants twoTo63,
      FloatConstants twoTo64,
      FloatConstants leastWord,
      FloatConstants leastLong) {
    this.size = size;
    this.exponentBits = exponentBits;
    this.truncate = truncate;
    this.convert = convert;
    this.fromInteger = fromInteger;
    this.round = round;
    this.compare = compare;
    this.add = add;
    this.subtract = subtract;
    this.multiply = multiply;
    this.nan = nan;
    this.minusOne = minusOne;
    this.twoTo32 = twoTo32;
    this.twoTo63 = twoTo63;
    this.twoTo64 = twoTo64;
    this.leastWord = leastWord;
    this.leastLong = leastLong;
  }

  /** Bits of the integers that it has all of. */
  int significandBits() {
    return Byte.SIZE * size - exponentBits;
  }
}
