package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import java.util.List;

/** Where guest code is fetched from. */
@FunctionalInterface
public interface CodeSource {
  /** The 16 bits at guest address {@code pc}, zero-extended, or -1 if they cannot be fetched. */
  int parcel(long pc);

  /** The instruction at guest address {@code pc}, or null if not all of it can be fetched. */
  default Instruction instruction(long pc) {
    int bits = parcel(pc);
    if (bits >= 0 && Instruction.lengthOf(bits) == 4) {
      int upper = parcel(pc + 2);
      return upper < 0 ? null : Decoder.decode(upper << 16 | bits);
    }
    return bits < 0 ? null : Decoder.decode(bits);
  }

  /**
   * Where an indirect jump at {@code pc} may lead, going by what has been seen of the code running,
   * ascending; empty if nobody knows.
   */
  default List<Long> jumpTargets(long pc) {
    return List.of();
  }

  /**
   * Which functions an indirect call at {@code pc} calls, going by what has been seen of the code
   * running, the most frequent one first; empty if nobody knows.
   */
  default List<Long> callTargets(long pc) {
    return List.of();
  }

  /** Whether the code at guest address {@code pc} is an encoding; compressed ones are 16 bits. */
  default boolean holds(long pc, int encoding) {
    return parcel(pc) == (encoding & 0xffff)
        && (Instruction.lengthOf(encoding) == 2 || parcel(pc + 2) == encoding >>> 16);
  }

  /**
   * Whether there is a translation that starts at {@code pc}, so that a block may end before it.
   */
  default boolean isTranslated(long pc) {
    return false;
  }

  /** Whether no block may go on at {@code pc}; one may start there. */
  default boolean isBoundary(long pc) {
    return false;
  }
}
