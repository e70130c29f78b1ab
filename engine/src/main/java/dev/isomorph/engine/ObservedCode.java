package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.Jumps;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Guest code of which it is known where its indirect jumps and calls have led. The jump caches of
 * the harts have all their targets, not from where; but what is near a jump and no place where a
 * call comes back is likely to be one of its own. If it is not, nothing is wrong: the jump will not
 * lead there.
 */
final class ObservedCode implements CodeSource {
  /** How far a jump's targets are from it at most, in bytes. */
  private static final int FAR = 32 << 10;

  /** More targets than that are too many to know. */
  private static final int MOST_TARGETS = 96;

  private static final int PARCEL = 2;

  private final CodeSource code;
  private final Rendezvous harts;
  private final CallTargets calls;

  ObservedCode(CodeSource code, Rendezvous harts, CallTargets calls) {
    this.code = code;
    this.harts = harts;
    this.calls = calls;
  }

  @Override
  public int parcel(long pc) {
    return code.parcel(pc);
  }

  @Override
  public List<Long> jumpTargets(long pc) {
    TreeSet<Long> near = new TreeSet<>();
    for (Hart hart : harts.harts()) {
      hart.state().jumpCache().addEntered(pc - FAR, pc + FAR, near);
    }
    List<Long> found = new ArrayList<>();
    for (long target : near) {
      if (!isBehindCall(target)) {
        found.add(target);
        if (found.size() > MOST_TARGETS) {
          return List.of();
        }
      }
    }
    return found;
  }

  @Override
  public List<Long> callTargets(long pc) {
    return calls.of(pc);
  }

  private boolean isBehindCall(long pc) {
    for (int length = PARCEL; length <= 2 * PARCEL; length += PARCEL) {
      Instruction before = instruction(pc - length);
      if (before != null
          && before.length() == length
          && (Jumps.isCall(before) || Jumps.isIndirectCall(before))) {
        return true;
      }
    }
    return false;
  }
}
