package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one store of two, four or eight that store the bytes of a number side by side, in the order
 * of either end, with nothing between that may leave the block or access memory.
 *
 * <p>The store stands where the first one stood and belongs to its instruction. Nobody can ask for
 * the state before the last one is done, so none is missed. If it faults, nothing has been stored:
 * who settles faults runs the first instruction by itself if another byte was missing, as with
 * {@link JoinedLoads}.
 *
 * <p>For blocks as {@link Simplifier} or {@link JoinedLoads} leave them, and the nodes of regions,
 * one after the other.
 */
final class JoinedStores {
  private static final int MOST = Long.BYTES;

  private IrBlock from;
  private BlockRewrite rewrite;

  /** By store, the group that it is part of. */
  private Group[] groups;

  private boolean found;

  /**
   * Some of a number's bytes.
   *
   * @param number {@link IrBlock#NONE} for a constant one
   * @param lowest its byte that comes first in memory if that is the low end, else the last one
   * @param constant the number, if it is one
   */
  private record Group(
      int first,
      int number,
      int lowest,
      int count,
      boolean isBigEndian,
      long base,
      long constant) {}

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return null if it stays as it is; what {@code to} has then means nothing
   */
  BlockRewrite run(IrBlock block, IrBlock to) {
    from = block;
    groups = null;
    found = false;
    List<Integer> row = new ArrayList<>();
    for (int id = 0; id < block.size(); id++) {
      boolean isByte = block.op(id) == IrOp.ST8;
      if (isByte ? !row.isEmpty() && !isBeside(id, row) : block.mayLeave(id)) {
        join(row);
        row.clear();
      }
      if (isByte) {
        row.add(id);
      }
    }
    return found ? copy(to) : null;
  }

  /** Whether a store is of the same root as those before, and of another byte than all of them. */
  private boolean isBeside(int store, List<Integer> row) {
    MemoryPlace place = MemoryPlace.of(from, store);
    for (int other : row) {
      if (!place.isApartFrom(MemoryPlace.of(from, other))) {
        return false;
      }
    }
    return true;
  }

  /** Finds groups of stores that follow each other: no other store may be seen to be missing. */
  private void join(List<Integer> row) {
    for (int count = MOST; count > 1; count /= 2) {
      for (int start = 0; start + count <= row.size(); start++) {
        List<Integer> stores = row.subList(start, start + count);
        Group group = isFree(stores) ? group(stores) : null;
        if (group != null) {
          groups = groups == null ? new Group[from.size()] : groups;
          stores.forEach(store -> groups[store] = group);
          found = true;
        }
      }
    }
  }

  private boolean isFree(List<Integer> stores) {
    for (int store : stores) {
      if (groups != null && groups[store] != null) {
        return false;
      }
    }
    return true;
  }

  /** Some stores as a group; null if they are none. */
  private Group group(List<Integer> stores) {
    int first = stores.getFirst();
    int count = stores.size();
    long base = Long.MAX_VALUE;
    for (int store : stores) {
      base = Math.min(base, MemoryPlace.of(from, store).offset());
    }
    NumberByte[] bytes = new NumberByte[count];
    for (int store : stores) {
      long place = MemoryPlace.of(from, store).offset() - base;
      if (place >= count) {
        return null;
      }
      bytes[(int) place] = NumberByte.of(from, from.b(store));
    }
    if (areConstant(bytes)) {
      return new Group(first, NONE, 0, count, false, base, constant(bytes));
    }
    boolean isBigEndian = bytes[0].place() > bytes[1].place();
    int lowest = bytes[isBigEndian ? count - 1 : 0].place();
    for (int i = 0; i < count; i++) {
      int expected = lowest + (isBigEndian ? count - 1 - i : i);
      if (bytes[i].number() != bytes[0].number() || bytes[i].place() != expected) {
        return null;
      }
    }
    return new Group(first, bytes[0].number(), lowest, count, isBigEndian, base, 0);
  }

  private boolean areConstant(NumberByte[] bytes) {
    for (NumberByte part : bytes) {
      if (!from.isConstant(part.number())) {
        return false;
      }
    }
    return true;
  }

  private long constant(NumberByte[] bytes) {
    long constant = 0;
    for (int i = 0; i < bytes.length; i++) {
      long value = from.imm(bytes[i].number()) >>> Byte.SIZE * bytes[i].place() & 0xff;
      constant |= value << Byte.SIZE * i;
    }
    return constant;
  }

  private BlockRewrite copy(IrBlock to) {
    rewrite = new BlockRewrite(from, to);
    for (int id = 0; id < from.size(); id++) {
      rewrite.begin(id);
      Group group = groups[id];
      if (group == null) {
        rewrite.copy(id);
      } else if (group.first() == id) {
        store(group);
      }
    }
    return rewrite;
  }

  private void store(Group group) {
    int owner = from.instructionOf(group.first());
    IrOp store = group.count() == 2 ? IrOp.ST16 : group.count() == 4 ? IrOp.ST32 : IrOp.ST64;
    long offset = MemoryPlace.of(from, group.first()).offset();
    long displacement = from.imm(group.first()) + group.base() - offset;
    int address = rewrite.renamed[from.a(group.first())];
    rewrite.to.emitFor(owner, store, address, number(owner, group), NONE, displacement);
  }

  /** A number with a group's bytes lowest. */
  private int number(int owner, Group group) {
    if (group.number() == NONE) {
      return rewrite.constant(owner, group.constant());
    }
    int number = rewrite.renamed[group.number()];
    int skipped = group.lowest();
    if (group.isBigEndian()) {
      number = rewrite.emit(owner, IrOp.BSWAP, number, NONE);
      skipped = MOST - group.count() - skipped;
    }
    return rewrite.shifted(owner, IrOp.SHR, number, skipped);
  }
}
