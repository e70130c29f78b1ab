package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.lower.JumpCache;
import dev.isomorph.translator.lift.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Guest code of which it is known where its indirect jumps have led. The jump caches of the harts
 * have all their targets, not from where; but what is near a jump and no place where a call comes
 * back is likely to be one of its own. If it is not, nothing is wrong: the jump will not lead
 * there.
 */
final class ObservedCode implements CodeSource {
  /** How far a jump's targets are from it at most, in bytes. */
  private static final int FAR = 32 << 10;

  /** More targets than that are too many to know. */
  private static final int MOST_TARGETS = 96;

  private static final int PARCEL = 2;
  private static final int RETURN_ADDRESS = 1;

  private final CodeSource code;
  private final Rendezvous harts;

  ObservedCode(CodeSource code, Rendezvous harts) {
    this.code = code;
    this.harts = harts;
  }

  @Override
  public int parcel(long pc) {
    return code.parcel(pc);
  }

  @Override
  public List<Long> jumpTargets(long pc) {
    List<Long> found = new ArrayList<>();
    for (long target = pc - FAR; target < pc + FAR; target += PARCEL) {
      if (isEntered(target) && !isBehindCall(target)) {
        found.add(target);
      }
    }
    return found.size() > MOST_TARGETS ? List.of() : found;
  }

  private boolean isEntered(long pc) {
    for (Hart hart : harts.harts()) {
      JumpCache cache = hart.state().jumpCache();
      if (cache.holds(pc)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBehindCall(long pc) {
    for (int length = PARCEL; length <= 2 * PARCEL; length += PARCEL) {
      Instruction before = instruction(pc - length);
      if (before != null
          && before.length() == length
          && (before.opcode() == Opcode.JAL || before.opcode() == Opcode.JALR)
          && before.rd() == RETURN_ADDRESS) {
        return true;
      }
    }
    return false;
  }
}
