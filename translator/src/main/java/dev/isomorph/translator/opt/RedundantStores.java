package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Arrays;

/**
 * Makes one store of two that write the same bytes, with nothing between that may leave the block
 * or access memory. Other harts may see the second value only, as if it had followed the first one
 * at once (ISA manual, "RVWMO", global memory order).
 *
 * <p>The store stands where the first one stood and belongs to its instruction, but stores what the
 * second one did: if it faults, it faults as the first one would have, with the state and the
 * memory that this one would have found. So what the second value is made of is made before.
 *
 * <p>For blocks as {@link Simplifier} leaves them, and the nodes of regions, one after the other.
 */
final class RedundantStores {
  private IrBlock from;

  /**
   * By store, the last one to the same bytes, whose value it gets; {@link IrBlock#NONE} if none.
   */
  private int[] lastOf;

  /** By operation that is made earlier or not at all, the store in front of which that is. */
  private int[] movedTo;

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return null if it stays as it is; what {@code to} has then means nothing
   */
  BlockRewrite run(IrBlock block, IrBlock to) {
    from = block;
    lastOf = null;
    int before = NONE;
    for (int id = 0; id < block.size(); id++) {
      if (isStore(block.op(id))) {
        boolean isSame =
            before != NONE && MemoryPlace.of(from, before).isSame(MemoryPlace.of(from, id));
        if (isSame && isMadeWith(from.b(id), before)) {
          join(before, id);
        } else {
          before = id;
        }
      } else if (block.mayLeave(id)) {
        before = NONE;
      }
    }
    return lastOf == null ? null : copy(to);
  }

  private static boolean isStore(IrOp op) {
    return op.accessedBytes() > 0 && op.effect() == IrOp.Effect.MEMORY_WRITE;
  }

  /** Whether a value may be made in front of a store. */
  private boolean isMadeWith(int value, int store) {
    boolean isPure = value < store || from.op(value).effect() == IrOp.Effect.PURE;
    for (int i = 0; isPure && value > store && i < from.op(value).operands(); i++) {
      isPure = isMadeWith(from.operand(value, i), store);
    }
    return isPure;
  }

  private void join(int first, int second) {
    if (lastOf == null) {
      lastOf = new int[from.size()];
      movedTo = new int[from.size()];
      Arrays.fill(lastOf, NONE);
      Arrays.fill(movedTo, NONE);
    }
    lastOf[first] = second;
    movedTo[second] = first;
    moveTo(first, from.b(second));
  }

  private void moveTo(int store, int value) {
    if (value > store && movedTo[value] == NONE) {
      movedTo[value] = store;
      for (int i = 0; i < from.op(value).operands(); i++) {
        moveTo(store, from.operand(value, i));
      }
    }
  }

  private BlockRewrite copy(IrBlock to) {
    BlockRewrite rewrite = new BlockRewrite(from, to);
    for (int id = 0; id < from.size(); id++) {
      rewrite.begin(id);
      if (lastOf[id] != NONE) {
        store(rewrite, id, lastOf[id]);
      } else if (movedTo[id] == NONE) {
        rewrite.copy(id);
      }
    }
    return rewrite;
  }

  private void store(BlockRewrite rewrite, int first, int last) {
    int owner = from.instructionOf(first);
    for (int id = first + 1; id < last; id++) {
      if (movedTo[id] == first && !isStore(from.op(id))) {
        rewrite.copyFor(owner, id);
      }
    }
    int address = rewrite.renamed[from.a(first)];
    int value = rewrite.renamed[from.b(last)];
    rewrite.to.emitFor(owner, from.op(last), address, value, NONE, from.imm(first));
  }
}
