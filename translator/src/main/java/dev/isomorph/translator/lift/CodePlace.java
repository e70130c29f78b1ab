package dev.isomorph.translator.lift;

import java.util.Arrays;

/**
 * A guest instruction in one of the copies of its function, or of that function's end, that a
 * region has.
 *
 * @param call by which its function was entered; null for the code the region starts in
 * @param pc guest address
 * @param jump address of the jump that the copy of the function's end is for; {@link #NO_JUMP} if
 *     it is in no such copy
 */
record CodePlace(Call call, long pc, long jump) implements Comparable<CodePlace> {
  private static final long NO_JUMP = 0;

  /** A call of a function in the region. Each is one of its own, so its identity counts. */
  static final class Call {
    final CodePlace from;
    final long function;
    final CodePlace returnsTo;
    final boolean keepsReturnAddress;

    Call(CodePlace from, long function, CodePlace returnsTo, boolean keepsReturnAddress) {
      this.from = from;
      this.function = function;
      this.returnsTo = returnsTo;
      this.keepsReturnAddress = keepsReturnAddress;
    }
  }

  CodePlace(Call call, long pc) {
    this(call, pc, NO_JUMP);
  }

  /** The place at another address of the same copy. */
  CodePlace at(long otherPc) {
    return new CodePlace(call, otherPc, jump);
  }

  /** The place at another address, in a copy that only the jump here leads to. */
  CodePlace copyAt(long otherPc) {
    return new CodePlace(call, otherPc, pc);
  }

  /** How many calls of a function are open here within the region. */
  int depthIn(long function) {
    int depth = 0;
    for (Call open = call; open != null; open = open.from.call) {
      depth += open.function == function ? 1 : 0;
    }
    return depth;
  }

  // Those of a record are made at run time, which takes as long as some hundred translations.

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePlace place
        && place.call == call
        && place.pc == pc
        && place.jump == jump;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(call) + Long.hashCode(pc) + 17 * Long.hashCode(jump);
  }

  /**
   * By address; a function's copy stands between its call and what is behind it, a copy of its end
   * with the end itself.
   */
  @Override
  public int compareTo(CodePlace other) {
    int byAddress = Arrays.compareUnsigned(path(0), other.path(0));
    return byAddress != 0 ? byAddress : Long.compareUnsigned(jump, other.jump);
  }

  private long[] path(int length) {
    if (call == null) {
      long[] path = new long[length + 1];
      path[0] = pc;
      return path;
    }
    // Copies of several functions that one call may lead to stand one behind the other.
    long[] path = call.from.path(length + 2);
    path[path.length - 2 - length] = call.function;
    path[path.length - 1 - length] = pc;
    return path;
  }
}
