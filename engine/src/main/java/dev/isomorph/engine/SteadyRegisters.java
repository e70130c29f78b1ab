package dev.isomorph.engine;

import dev.isomorph.decoder.Registers;
import dev.isomorph.translator.lift.Supposition;
import java.util.ArrayList;
import java.util.List;

/** What a hart's registers have held each time that it was found at some address. */
final class SteadyRegisters {
  private static final int COUNT = 32;

  /** How far from the stack pointer a register may be that has the address of a variable. */
  private static final long FRAME = 1 << 16;

  private final long[] first = new long[COUNT];
  private boolean isSeen;

  /** Bits of the registers that have never held anything else. */
  private int constant = -1;

  /** Bits of those that have always been as far from the stack pointer. */
  private int tied = -1;

  void add(Hart hart) {
    for (int i = 1; i < COUNT; i++) {
      long value = hart.x(i);
      if (!isSeen) {
        first[i] = value;
      } else {
        constant &= value == first[i] ? -1 : ~(1 << i);
        boolean isAsFar = value - hart.x(Registers.SP) == first[i] - first[Registers.SP];
        tied &= isAsFar ? -1 : ~(1 << i);
      }
    }
    isSeen = true;
  }

  /** What they may be supposed to hold the next time. */
  List<Supposition> suppositions() {
    List<Supposition> likely = new ArrayList<>();
    for (int i = 1; i < COUNT && isSeen; i++) {
      long distance = first[i] - first[Registers.SP];
      if (i != Registers.SP && (tied & 1 << i) != 0 && Math.abs(distance) < FRAME) {
        likely.add(new Supposition(i, Registers.SP, distance));
      } else if ((constant & 1 << i) != 0) {
        likely.add(new Supposition(i, 0, first[i]));
      }
    }
    return likely;
  }
}
