package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.Choice;
import dev.isomorph.hostbackend.lower.RegionCode;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a copy of what chooses the next way behind each stretch that jumps there, as interpreters
 * have it that are written for speed: the host predicts a jump by where it is, and what comes next
 * depends on what was last.
 */
final class ChoiceCopies {
  /** Operations that are copied for one jump, at most. */
  private static final int MOST_OPERATIONS = 100;

  /** Stretches that are copied for one jump, at most. */
  private static final int MOST_STRETCHES = 4;

  private final List<RegionCode> stretches;
  private final Map<Integer, RegionCode> byLabel = new HashMap<>();

  private ChoiceCopies(List<RegionCode> stretches) {
    this.stretches = stretches;
    for (RegionCode stretch : stretches) {
      byLabel.put(stretch.label(), stretch);
    }
  }

  /** The stretches with copies among them. */
  static List<RegionCode> insert(List<RegionCode> stretches) {
    ChoiceCopies copies = new ChoiceCopies(stretches);
    List<RegionCode> all = new ArrayList<>();
    for (int i = 0; i < stretches.size(); i++) {
      RegionCode stretch = stretches.get(i);
      all.add(stretch);
      int next = i + 1 < stretches.size() ? stretches.get(i + 1).label() : -1;
      if (!stretch.leaves() && i > 0 && goesOnAt(stretch) != next) {
        for (RegionCode copied : copies.chain(stretch)) {
          all.add(copied.copy());
        }
      }
    }
    return all;
  }

  /** What comes behind a stretch up to a choice; empty if there is none near. */
  private List<RegionCode> chain(RegionCode stretch) {
    List<RegionCode> chain = new ArrayList<>();
    int operations = 0;
    RegionCode at = byLabel.get(goesOnAt(stretch));
    while (at != null && !at.leaves() && chain.size() < MOST_STRETCHES) {
      chain.add(at);
      operations += at.block().size();
      if (operations > MOST_OPERATIONS) {
        break;
      }
      if (chooses(at)) {
        return chain;
      }
      at = byLabel.get(goesOnAt(at));
    }
    return List.of();
  }

  private static int goesOnAt(RegionCode stretch) {
    IrBlock block = stretch.block();
    int last = block.size() - 1;
    return block.op(last) == IrOp.JUMP ? (int) block.imm(last) : -1;
  }

  private static boolean chooses(RegionCode stretch) {
    for (int id = 0; id < stretch.block().size(); id++) {
      if (Choice.around(stretch.block(), id) != null) {
        return true;
      }
    }
    return false;
  }
}
