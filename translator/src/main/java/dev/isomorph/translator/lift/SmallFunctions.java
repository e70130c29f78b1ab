package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells which functions are worth having a copy of at each call: short, left by returns only, not
 * recursive, calling others of the kind at most.
 */
final class SmallFunctions {
  /** Guest instructions that are few; those of the functions that are called not counted. */
  static final int FEW = 40;

  /** As many as are worth it where a loop would have no region otherwise. */
  static final int MANY = 160;

  /** How many calls may be open within one. */
  private static final int DEEPEST = 2;

  private final CodeSource code;
  private final int most;
  private final Map<Long, Function> known = new HashMap<>();

  /**
   * @param depth how many calls may be open in it, itself counted
   * @param keepsReturnAddress whether nothing in it writes the register that has it
   */
  record Function(int depth, boolean keepsReturnAddress) {}

  /**
   * @param most guest instructions of one, at most
   */
  SmallFunctions(CodeSource code, int most) {
    this.code = code;
    this.most = most;
  }

  /** The function at a guest address; null if it is not small. */
  Function at(long pc) {
    if (!known.containsKey(pc)) {
      known.put(pc, null); // While it is being looked at: so a recursive one calls no small one.
      known.put(pc, look(pc));
    }
    return known.get(pc);
  }

  private Function look(long start) {
    ArrayDeque<Long> work = new ArrayDeque<>();
    Set<Long> seen = new HashSet<>();
    work.add(start);
    int depth = 1;
    boolean keeps = true;
    boolean returns = false;
    while (!work.isEmpty()) {
      long pc = work.remove();
      if (!seen.add(pc)) {
        continue;
      }
      Instruction instruction = code.instruction(pc);
      if (instruction == null || seen.size() > most) {
        return null;
      }
      long next = pc + instruction.length();
      keeps &= !Jumps.writesReturnAddress(instruction);
      if (Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction)) {
        work.add(pc + instruction.imm());
      }
      if (Jumps.isCall(instruction)) {
        Function callee = at(pc + instruction.imm());
        if (callee == null || callee.depth() >= DEEPEST) {
          return null;
        }
        depth = Math.max(depth, callee.depth() + 1);
        work.add(next);
      } else if (Jumps.isReturn(instruction)) {
        returns = true;
      } else if (!Jumps.endsNode(instruction)) {
        work.add(next);
      } else if (!Jumps.isPlainJump(instruction)) {
        return null;
      }
    }
    return returns ? new Function(depth, keeps) : null;
  }
}
