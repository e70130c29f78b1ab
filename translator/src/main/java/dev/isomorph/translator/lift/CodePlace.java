package dev.isomorph.translator.lift;

import java.util.Arrays;

/**
 * A guest instruction in one of the copies of its function that a region has.
 *
 * @param call by which its function was entered; null for the code the region starts in
 * @param pc guest address
 */
record CodePlace(Call call, long pc) implements Comparable<CodePlace> {
  /** A call of a small function. Each is one of its own, so its identity is what counts. */
  static final class Call {
    final CodePlace from;
    final CodePlace returnsTo;
    final boolean keepsReturnAddress;

    Call(CodePlace from, CodePlace returnsTo, boolean keepsReturnAddress) {
      this.from = from;
      this.returnsTo = returnsTo;
      this.keepsReturnAddress = keepsReturnAddress;
    }
  }

  /** The place at another address of the same copy. */
  CodePlace at(long otherPc) {
    return new CodePlace(call, otherPc);
  }

  // Those of a record are made at run time, which takes as long as some hundred translations.

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePlace place && place.call == call && place.pc == pc;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(call) + Long.hashCode(pc);
  }

  /** By address; a function's copy stands between its call and what is behind it. */
  @Override
  public int compareTo(CodePlace other) {
    return Arrays.compareUnsigned(path(0), other.path(0));
  }

  private long[] path(int length) {
    long[] path = call == null ? new long[length + 1] : call.from.path(length + 1);
    path[path.length - 1 - length] = pc;
    return path;
  }
}
