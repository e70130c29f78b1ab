package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which selections choose by, or among, what they have chosen before, going round in a loop: each
 * waits for the one before it. All others cost no time but their own, since the host does other
 * things meanwhile. What goes round through memory is left out of account.
 */
final class CarriedChoices {
  private final List<ShortArms.Joined> parts;

  /** Of the part looked at, guest registers that follow from its choices, at each part's start. */
  private final BitSet[] following;

  private CarriedChoices(List<ShortArms.Joined> parts) {
    this.parts = parts;
    following = new BitSet[parts.size()];
  }

  /** The guest addresses of instructions in parts of a region with such selections. */
  static Set<Long> find(List<ShortArms.Joined> parts) {
    CarriedChoices choices = new CarriedChoices(parts);
    Set<Long> found = new HashSet<>();
    for (int number = 0; number < parts.size(); number++) {
      if (choices.areCarried(number)) {
        IrBlock block = parts.get(number).block();
        for (int i = 0; i < block.instructionCount(); i++) {
          found.add(block.pc(i));
        }
      }
    }
    return found;
  }

  private boolean areCarried(int number) {
    for (int i = 0; i < following.length; i++) {
      following[i] = new BitSet(StateSlot.COUNT);
    }
    Walk walk = new Walk(parts.get(number).block(), new BitSet());
    if (!walk.chooses) {
      return false;
    }
    ArrayDeque<Integer> work = new ArrayDeque<>();
    spread(number, walk.left, work);
    while (!work.isEmpty()) {
      int next = work.remove();
      Walk on = new Walk(parts.get(next).block(), following[next]);
      if (next == number && on.choosesAgain) {
        return true;
      }
      spread(next, on.left, work);
    }
    return false;
  }

  /** Registers follow at the start of all parts behind one, too. */
  private void spread(int number, BitSet registers, ArrayDeque<Integer> work) {
    for (int next : parts.get(number).node().successors()) {
      int before = following[next].cardinality();
      following[next].or(registers);
      if (following[next].cardinality() > before) {
        work.add(next);
      }
    }
  }

  /** A walk through a part. */
  private static final class Walk {
    /** Registers that follow from the choices where the part is left. */
    final BitSet left = new BitSet(StateSlot.COUNT);

    /** Whether anything is chosen. */
    boolean chooses;

    /** Whether it is by, or among, what follows from choices before. */
    boolean choosesAgain;

    /**
     * @param before registers that follow from choices at its start; if none, from those in it
     */
    Walk(IrBlock block, BitSet before) {
      BitSet registers = (BitSet) before.clone();
      BitSet values = new BitSet(block.size());
      for (int id = 0; id < block.size(); id++) {
        IrOp op = block.op(id);
        boolean follows =
            op.operands() > 0 && values.get(block.a(id))
                || op.operands() > 1 && values.get(block.b(id))
                || op.operands() > 2 && values.get(block.c(id));
        switch (op) {
          case GET, GETF -> follows = registers.get((int) block.imm(id));
          case PUT, PUTF -> registers.set((int) block.imm(id), follows);
          case SELECT -> {
            chooses = true;
            choosesAgain |= follows;
            follows |= before.isEmpty();
          }
          default -> {
            if (op.effect() == IrOp.Effect.EXIT) {
              left.or(registers);
            }
          }
        }
        values.set(id, follows);
      }
    }
  }
}
