package dev.isomorph.hostbackend.asm;

/**
 * A place in the code of one {@link Assembler}, bound once by {@link Assembler#bind}. References
 * made before that are remembered here and filled in by the binding. A label does not survive the
 * assembler's {@code reset()}.
 */
public final class Label {
  private static final int UNBOUND = -1;

  private int position = UNBOUND;

  /**
   * Newest unresolved four-byte reference as {@code (offset + 1) << 3 | trailing}, 0 for none;
   * {@code trailing} counts the instruction's bytes after the displacement. The displacement field
   * holds the next older reference in the same form, so that references cost no memory.
   */
  private int rel32Chain;

  /**
   * Offset of the newest unresolved one-byte reference, -1 for none; the field holds its distance
   * to the next older one, 0 for none.
   */
  private int rel8Chain = UNBOUND;

  /** Whether the label has its place. */
  public boolean isBound() {
    return position >= 0;
  }

  /**
   * Its offset from the start of the code.
   *
   * @throws IllegalStateException when it is not bound
   */
  public int position() {
    if (position < 0) {
      throw new IllegalStateException("label is not bound");
    }
    return position;
  }

  boolean isAwaited() {
    return rel32Chain != 0 || rel8Chain >= 0;
  }

  /** Remembers the displacement about to be emitted at {@code offset}; returns the link to emit. */
  int addRel32(int offset, int trailing) {
    int link = rel32Chain;
    rel32Chain = (offset + 1) << 3 | trailing;
    return link;
  }

  /** Remembers the displacement about to be emitted at {@code offset}; returns the link to emit. */
  int addRel8(int offset) {
    int link = rel8Chain < 0 ? 0 : offset - rel8Chain;
    if (link > Byte.MAX_VALUE) {
      throw new IllegalStateException("short branch out of range");
    }
    rel8Chain = offset;
    return link;
  }

  void bind(CodeBuffer code, int here) {
    if (isBound()) {
      throw new IllegalStateException("label is bound twice");
    }
    position = here;
    while (rel32Chain != 0) {
      int offset = (rel32Chain >>> 3) - 1;
      int trailing = rel32Chain & 7;
      rel32Chain = code.intAt(offset);
      code.patch(offset, here - (offset + 4 + trailing));
    }
    while (rel8Chain >= 0) {
      int offset = rel8Chain;
      int link = code.byteAt(offset);
      rel8Chain = link == 0 ? UNBOUND : offset - link;
      code.patchByte(offset, here - (offset + 1));
    }
  }
}
