package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Makes one load of two, four or eight loads of neighbouring bytes that are put together to a
 * number, little or big end first. Compilers for RISC-V read so what need not be aligned, which a
 * host does at once.
 *
 * <p>The load stands where the first one stood, and nothing between that and the last one may write
 * memory or lead elsewhere. It belongs to the first one's instruction. If it faults, that need not
 * be the one at fault: who settles faults has to compare addresses, and run the instruction by
 * itself if it has not accessed the one that is missing. Loads of other places may be between them,
 * which changes their order, as harts may; but not of places that may be the same, since loads of
 * one place keep theirs (RVWMO, rule 2).
 *
 * <p>For blocks as {@link Simplifier} leaves them, and the nodes of regions, one after the other.
 */
final class JoinedLoads {
  private final boolean isSeen;
  private IrBlock from;
  private BlockRewrite rewrite;
  private JoinedBytes[] bytes;

  /** By load, the group that it is part of. */
  private Group[] groups;

  /** The loads that become one, by place, the lowest byte of the number first. */
  private final class Group {
    final int[] loads;
    final int count;
    final boolean isBigEndian;
    final int first;

    /** The number that is loaded, once it is. */
    int value = NONE;

    Group(JoinedBytes joined, int count) {
      loads = joined.loads();
      this.count = count;
      isBigEndian = offset(loads[0]) > offset(loads[1]);
      int earliest = loads[0];
      for (int i = 1; i < count; i++) {
        earliest = Math.min(earliest, loads[i]);
      }
      first = earliest;
    }

    int placeOf(int load) {
      int place = 0;
      while (loads[place] != load) {
        place++;
      }
      return place;
    }

    /**
     * @param result where the number is put together
     */
    private boolean isPossible(int result) {
      int last = first;
      for (int i = 0; i < count; i++) {
        long distance = offset(loads[i]) - offset(loads[0]);
        if (groups[loads[i]] != null
            || place(loads[i]).root() != place(loads[0]).root()
            || distance != (isBigEndian ? -i : i)) {
          return false;
        }
        last = Math.max(last, loads[i]);
      }
      for (int id = first; id < last; id++) {
        IrOp.Effect effect = from.op(id).effect();
        if (effect == IrOp.Effect.MEMORY_WRITE || effect == IrOp.Effect.EXIT) {
          return false;
        }
        if (effect == IrOp.Effect.MEMORY_READ && !has(id) && !isElsewhere(id)) {
          return false;
        }
      }
      return isSeen || !isSeenBefore(result);
    }

    /** Whether a load certainly is of other bytes. */
    private boolean isElsewhere(int load) {
      return place(load).isApartFrom(new MemoryPlace(place(first).root(), lowest(), count));
    }

    private long lowest() {
      return offset(loads[isBigEndian ? count - 1 : 0]);
    }

    private boolean isSeenBefore(int result) {
      for (int id = first; id < result; id++) {
        if (from.mayLeave(id) && !has(id)) {
          return true;
        }
      }
      return false;
    }

    private boolean has(int id) {
      for (int i = 0; i < count; i++) {
        if (loads[i] == id) {
          return true;
        }
      }
      return false;
    }

    private void load() {
      int owner = from.instructionOf(first);
      long displacement = from.imm(first) + lowest() - offset(first);
      IrOp load = count == 2 ? IrOp.LD16U : count == 4 ? IrOp.LD32U : IrOp.LD64;
      int base = rewrite.renamed[from.a(first)];
      value = rewrite.to.emitFor(owner, load, base, NONE, NONE, displacement);
      if (isBigEndian) {
        int reversed = rewrite.emit(owner, IrOp.BSWAP, value, NONE);
        value = rewrite.shifted(owner, IrOp.SHR, reversed, JoinedBytes.MOST - count);
      }
    }
  }

  /**
   * @param isSeen whether the guest's state may be asked for before the number is put together
   */
  JoinedLoads(boolean isSeen) {
    this.isSeen = isSeen;
  }

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return null if it stays as it is; what {@code to} has then means nothing
   */
  BlockRewrite run(IrBlock block, IrBlock to) {
    if (!hasNeighbours(block)) {
      return null;
    }
    from = block;
    findBytes();
    return findGroups() ? copy(to) : null;
  }

  /** Whether there are loads of bytes side by side; there are none in most blocks. */
  private static boolean hasNeighbours(IrBlock block) {
    int base = NONE;
    long displacement = 0;
    for (int id = 0; id < block.size(); id++) {
      if (block.op(id) == IrOp.LD8U) {
        if (base != NONE
            && (block.a(id) != base || Math.abs(block.imm(id) - displacement) < JoinedBytes.MOST)) {
          return true;
        }
        base = block.a(id);
        displacement = block.imm(id);
      }
    }
    return false;
  }

  private void findBytes() {
    bytes = new JoinedBytes[from.size()];
    for (int id = 0; id < bytes.length; id++) {
      bytes[id] = JoinedBytes.of(from, id, bytes);
    }
  }

  private boolean findGroups() {
    groups = new Group[from.size()];
    boolean found = false;
    for (int count = JoinedBytes.MOST; count > 1; count /= 2) {
      for (int id = 0; id < bytes.length; id++) {
        if (bytes[id] != null && bytes[id].count() == count) {
          Group group = new Group(bytes[id], count);
          if (group.isPossible(id)) {
            found = true;
            for (int i = 0; i < count; i++) {
              groups[group.loads[i]] = group;
            }
          }
        }
      }
    }
    return found;
  }

  private MemoryPlace place(int load) {
    return MemoryPlace.of(from, load);
  }

  private long offset(int load) {
    return place(load).offset();
  }

  private BlockRewrite copy(IrBlock to) {
    rewrite = new BlockRewrite(from, to);
    for (int id = 0; id < from.size(); id++) {
      rewrite.begin(id);
      Group group = groupOf(id);
      if (group != null && group.first == id) {
        group.load();
      }
      int part = group == null ? NONE : part(id, group);
      if (part != NONE) {
        rewrite.renamed[id] = part;
      } else {
        rewrite.copy(id);
      }
    }
    return rewrite;
  }

  /** The group that all bytes of a value are of; null if there is none. */
  private Group groupOf(int id) {
    Group group = null;
    if (bytes[id] != null) {
      for (int load : bytes[id].loads()) {
        if (load != NONE) {
          if (groups[load] == null || group != null && groups[load] != group) {
            return null;
          }
          group = groups[load];
        }
      }
    }
    return group;
  }

  /**
   * A value that has bytes of a group as far from each other as the group, as a part of that.
   *
   * @return {@link IrBlock#NONE} if it is another one
   */
  private int part(int id, Group group) {
    JoinedBytes wanted = bytes[id];
    int shift = NONE;
    long mask = 0;
    for (int place = 0; place < JoinedBytes.MOST; place++) {
      if (wanted.has(place)) {
        int distance = group.placeOf(wanted.loads()[place]) - place;
        if (distance < 0 || shift != NONE && distance != shift) {
          return NONE;
        }
        shift = distance;
        mask |= 0xffL << Byte.SIZE * place;
      }
    }
    int owner = from.instructionOf(id);
    int part =
        masked(
            owner, rewrite.shifted(owner, IrOp.SHR, group.value, shift), mask, group.count - shift);
    return wanted.isSigned() ? rewrite.emit(owner, IrOp.SEXT32, part, NONE) : part;
  }

  /** The bytes of a mask of a value that has no more than {@code width}. */
  private int masked(int owner, int value, long mask, int width) {
    long all = -1L >>> Byte.SIZE * (JoinedBytes.MOST - width);
    if (mask == all) {
      return value;
    }
    if (mask == 0xff || mask == 0xffff || mask == 0xffff_ffffL) {
      IrOp low = mask == 0xff ? IrOp.ZEXT8 : mask == 0xffff ? IrOp.ZEXT16 : IrOp.ZEXT32;
      return rewrite.emit(owner, low, value, NONE);
    }
    return rewrite.emit(owner, IrOp.AND, value, rewrite.constant(owner, mask));
  }
}
