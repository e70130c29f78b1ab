package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells which functions are worth having a copy of at each call: short, left by returns only, not
 * recursive, calling others of the kind at most, or any now and then.
 */
final class SmallFunctions {
  /** Guest instructions that are few; those of the functions that are called not counted. */
  private static final int FEW = 40;

  /** As many as are worth it where a loop would have no region otherwise. */
  private static final int MANY = 160;

  /** How many calls may be open within one. */
  private static final int DEEPEST = 2;

  private final CodeSource code;
  private final int most;
  private final boolean mayCallOthers;
  private final Map<Long, Function> known = new HashMap<>();

  /** Those that are being looked at: who calls one is part of a recursion. */
  private final Set<Long> open = new HashSet<>();

  /**
   * @param depth how many calls may be open in it, itself counted
   * @param keepsReturnAddress whether nothing in it writes the register that has it
   */
  record Function(int depth, boolean keepsReturnAddress) {}

  /** Those worth it wherever they are called. */
  static SmallFunctions few(CodeSource code) {
    return new SmallFunctions(code, FEW, false);
  }

  /** Those worth it where a loop would have no region otherwise. */
  static SmallFunctions many(CodeSource code) {
    return new SmallFunctions(code, MANY, true);
  }

  /**
   * @param most guest instructions of one, at most
   * @param mayCallOthers whether it may call what is none if there is a way through it without
   */
  private SmallFunctions(CodeSource code, int most, boolean mayCallOthers) {
    this.code = code;
    this.most = most;
    this.mayCallOthers = mayCallOthers;
  }

  /** The function at a guest address; null if it is not small. */
  Function at(long pc) {
    if (!known.containsKey(pc)) {
      known.put(pc, null); // While it is being looked at: so a recursive one calls no small one.
      open.add(pc);
      known.put(pc, look(pc));
      open.remove(pc);
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
        long target = pc + instruction.imm();
        Function callee = at(target);
        if (callee != null && callee.depth() < DEEPEST) {
          depth = Math.max(depth, callee.depth() + 1);
          work.add(next);
        } else if (callee != null || !mayCallOthers || open.contains(target)) {
          return null;
        }
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
