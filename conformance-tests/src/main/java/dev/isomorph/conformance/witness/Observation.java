package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The state a scenario ended in.
 *
 * @param ending why it stopped; a {@link Ending.MemoryFault} without access is one whose kind the
 *     witness cannot tell
 * @param unpredictable integer registers, as bits, with values that need not agree
 * @param data the bytes of the {@link DataPages}
 */
public record Observation(
    Ending ending, long pc, long[] x, long[] f, int fcsr, int unpredictable, byte[] data) {

  /** What differs, seen from this, the right one; empty if nothing does. */
  String differences(Observation other) {
    return agreesWith(other) ? "" : differencesInWords(other);
  }

  /** Quickly said, since it is nearly always so; where it is not, words decide. */
  private boolean agreesWith(Observation other) {
    return agree(ending, other.ending)
        && pc == other.pc
        && fcsr == other.fcsr
        && unpredictable == 0
        && Arrays.equals(x, other.x)
        && Arrays.equals(f, other.f)
        && (data == other.data || Arrays.equals(data, other.data));
  }

  private String differencesInWords(Observation other) {
    StringJoiner text = new StringJoiner("\n");
    if (!agree(ending, other.ending)) {
      text.add(ending + " but " + other.ending);
    }
    compare(text, "pc", pc, other.pc);
    for (int i = 1; i < 32; i++) {
      if ((unpredictable >>> i & 1) == 0) {
        compare(text, "x" + i, x[i], other.x[i]);
      }
    }
    for (int i = 0; i < 32; i++) {
      compare(text, "f" + i, f[i], other.f[i]);
    }
    compare(text, "fcsr", fcsr, other.fcsr);
    int at = Arrays.mismatch(data, other.data);
    if (at >= 0) {
      String where = "byte at 0x" + Long.toHexString(DataPages.addressOf(at));
      compare(text, where, data[at], other.data[at]);
    }
    return text.toString();
  }

  private static boolean agree(Ending expected, Ending found) {
    if (expected instanceof Ending.MemoryFault(long address, var access)
        && found instanceof Ending.MemoryFault(long foundAddress, var foundAccess)) {
      return address == foundAddress && (access == foundAccess || foundAccess == null);
    }
    return expected.equals(found);
  }

  private static void compare(StringJoiner text, String what, long expected, long found) {
    if (expected != found) {
      text.add(what + " = 0x" + Long.toHexString(expected) + " but 0x" + Long.toHexString(found));
    }
  }
}
