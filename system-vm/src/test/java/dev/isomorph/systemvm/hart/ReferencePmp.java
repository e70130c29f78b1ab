package dev.isomorph.systemvm.hart;

import java.math.BigInteger;

/**
 * Physical memory protection as the manual has it, one byte after the other: of the entries in
 * order, the first that matches any byte decides.
 */
final class ReferencePmp {
  final int[] mode = new int[16];
  final long[] address = new long[16];

  boolean succeeds(long at, int length, Privilege privilege, AccessKind kind) {
    for (int entry = 0; entry < 16; entry++) {
      int matched = 0;
      for (int i = 0; i < length; i++) {
        if (matches(entry, BigInteger.valueOf(at).add(BigInteger.valueOf(i)))) {
          matched++;
        }
      }
      if (matched > 0) {
        boolean locked = (mode[entry] & 0x80) != 0;
        boolean permitted =
            switch (kind) {
              case LOAD -> (mode[entry] & 1) != 0;
              case STORE -> (mode[entry] & 2) != 0;
              case FETCH -> (mode[entry] & 4) != 0;
            };
        return matched == length && (permitted || privilege == Privilege.MACHINE && !locked);
      }
    }
    return privilege == Privilege.MACHINE;
  }

  private boolean matches(int entry, BigInteger byteAddress) {
    BigInteger word = byteAddress.shiftRight(2);
    BigInteger own = BigInteger.valueOf(address[entry]);
    return switch (mode[entry] >>> 3 & 3) {
      case 0 -> false;
      case 1 -> {
        BigInteger bottom = entry == 0 ? BigInteger.ZERO : BigInteger.valueOf(address[entry - 1]);
        yield bottom.compareTo(word) <= 0 && word.compareTo(own) < 0;
      }
      case 2 -> word.equals(own);
      default -> {
        // The lowest zero bit and the ones below it do not take part in the comparison.
        int ignored = own.not().getLowestSetBit() + 1;
        yield word.shiftRight(ignored).equals(own.shiftRight(ignored));
      }
    };
  }
}
