package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Arrays;

/**
 * A run of side exits that compare one value with one constant after the other, as an indirect jump
 * with known targets has them: the way to go is found in a table. An entry is selected by some bits
 * of the value, which differ in all of the constants.
 *
 * @param exits the side exits
 * @param shift the lowest of the bits that select an entry
 * @param entries how many entries there are, a power of two
 */
public record Choice(int[] exits, int shift, int entries) {
  /** Fewer comparisons are made one by one. */
  static final int LEAST = 4;

  private static final int MOST_ENTRIES = 1 << 10;
  private static final int MOST_SHIFT = 16;

  // Those of a record are made at run time, which takes as long as some hundred translations.

  @Override
  public boolean equals(Object other) {
    return other instanceof Choice choice
        && Arrays.equals(choice.exits, exits)
        && choice.shift == shift
        && choice.entries == entries;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(exits);
  }

  @Override
  public String toString() {
    return Arrays.toString(exits) + " by " + entries + " entries from bit " + shift;
  }

  /** The run that an operation is part of; null if it is in none, or in one that is too short. */
  public static Choice around(IrBlock block, int id) {
    if (!isComparison(block, id)) {
      return null;
    }
    int first = id;
    for (int at = before(block, first); isSame(block, at, id); at = before(block, first)) {
      first = at;
    }
    int[] exits = new int[8];
    int count = 0;
    for (int at = first; isSame(block, at, id); at = behind(block, at)) {
      if (count == exits.length) {
        exits = Arrays.copyOf(exits, 2 * count);
      }
      exits[count++] = at;
    }
    return count < LEAST ? null : fitting(block, Arrays.copyOf(exits, count));
  }

  private static Choice fitting(IrBlock block, int[] exits) {
    for (int entries = Integer.highestOneBit(2 * exits.length - 1);
        entries <= MOST_ENTRIES;
        entries *= 2) {
      for (int shift = 1; shift <= MOST_SHIFT; shift++) {
        Choice choice = new Choice(exits, shift, entries);
        if (choice.byEntry(block) != null) {
          return choice;
        }
      }
    }
    return null;
  }

  /** The side exits by entry, -1 for none; null if two have the same. */
  int[] byEntry(IrBlock block) {
    int[] found = new int[entries];
    Arrays.fill(found, -1);
    for (int exit : exits) {
      int entry = (int) block.imm(block.b(exit)) >>> shift & entries - 1;
      if (found[entry] >= 0) {
        return null;
      }
      found[entry] = exit;
    }
    return found;
  }

  private static boolean isComparison(IrBlock block, int id) {
    return block.op(id) == IrOp.EXIT_EQ && block.isConstant(block.b(id));
  }

  private static boolean isSame(IrBlock block, int at, int id) {
    return at >= 0 && at < block.size() && isComparison(block, at) && block.a(at) == block.a(id);
  }

  private static int before(IrBlock block, int id) {
    int at = id - 1;
    while (at >= 0 && block.op(at) == IrOp.CONST) {
      at--;
    }
    return at;
  }

  private static int behind(IrBlock block, int id) {
    int at = id + 1;
    while (at < block.size() && block.op(at) == IrOp.CONST) {
      at++;
    }
    return at;
  }
}
