package dev.isomorph.conformance.golden;

/**
 * What a floating-point operation gives.
 *
 * @param bits the encoding, or the integer
 * @param flags the exceptions raised, as in fflags
 */
record Result(long bits, int flags) {
  static final int NX = 1;
  static final int UF = 2;
  static final int OF = 4;
  static final int DZ = 8;
  static final int NV = 16;

  static Result exact(long bits) {
    return new Result(bits, 0);
  }

  static Result invalid(Format format) {
    return new Result(format.canonicalNan(), NV);
  }
}
