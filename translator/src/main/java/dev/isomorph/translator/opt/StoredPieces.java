package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Arrays;

/**
 * Puts numbers together of what the block has stored piece by piece where they are loaded. A
 * compiler for RISC-V copies what need not be aligned by bytes, into a variable of the stack, and
 * loads that. A host gives what one store has just stored at once, but waits until memory has the
 * pieces of several.
 *
 * <p>Such a load is allowed to give what its own hart has stored, as {@link KnownMemory} says.
 *
 * <p>For blocks as {@link Simplifier} leaves them, and the nodes of regions, one after the other.
 */
final class StoredPieces {
  private IrBlock from;
  private BlockRewrite rewrite;

  /** By byte of the number, the store that it comes from. */
  private final int[] stores = new int[Long.BYTES];

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return null if it stays as it is; what {@code to} has then means nothing
   */
  BlockRewrite run(IrBlock block, IrBlock to) {
    from = block;
    int id = 0;
    while (id < from.size() && !findStores(id)) {
      id++;
    }
    if (id == from.size()) {
      return null;
    }
    rewrite = new BlockRewrite(from, to);
    for (id = 0; id < from.size(); id++) {
      rewrite.begin(id);
      if (findStores(id)) {
        rewrite.renamed[id] = number(id);
      } else {
        rewrite.copy(id);
      }
    }
    return rewrite;
  }

  private static boolean isLoad(IrOp op) {
    return op.effect() == IrOp.Effect.MEMORY_READ && op.ordinal() <= IrOp.LD64.ordinal();
  }

  private static boolean isStore(IrOp op) {
    return op == IrOp.ST8 || op == IrOp.ST16 || op == IrOp.ST32 || op == IrOp.ST64;
  }

  /** Finds the stores that all bytes of a load come from; false if there are not several. */
  private boolean findStores(int load) {
    if (!isLoad(from.op(load))) {
      return false;
    }
    MemoryPlace wanted = MemoryPlace.of(from, load);
    Arrays.fill(stores, 0, wanted.size(), NONE);
    int missing = wanted.size();
    for (int id = load - 1; id >= 0 && missing > 0; id--) {
      IrOp op = from.op(id);
      if (op.endsBlock()) {
        return false;
      }
      if (!op.accessesMemory()) {
        continue;
      }
      MemoryPlace place = op.accessedBytes() == 0 ? null : MemoryPlace.of(from, id);
      if (place == null || place.root() != wanted.root()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        long at = wanted.offset() + i;
        if (stores[i] == NONE && at >= place.offset() && at < place.end()) {
          if (!isStore(op)) {
            return false;
          }
          stores[i] = id;
          missing--;
        }
      }
    }
    return missing == 0 && isOfSeveral(wanted.size());
  }

  private boolean isOfSeveral(int size) {
    for (int i = 1; i < size; i++) {
      if (stores[i] != stores[0]) {
        return true;
      }
    }
    return false;
  }

  /** What a load gives by the stores that have been found. */
  private int number(int load) {
    int owner = from.instructionOf(load);
    MemoryPlace wanted = MemoryPlace.of(from, load);
    IrOp extension = extension(from.op(load));
    int number = NONE;
    for (int i = 0; i < wanted.size(); ) {
      int store = stores[i];
      int length = 1;
      while (i + length < wanted.size() && stores[i + length] == store) {
        length++;
      }
      int skipped = (int) (wanted.offset() + i - MemoryPlace.of(from, store).offset());
      int piece = rewrite.shifted(owner, IrOp.SHR, rewrite.renamed[from.b(store)], skipped);
      boolean isTop = i + length == wanted.size() && extension != null;
      piece = isTop ? piece : cut(owner, piece, length);
      piece = rewrite.shifted(owner, IrOp.SHL, piece, i);
      number = number == NONE ? piece : rewrite.emit(owner, IrOp.OR, number, piece);
      i += length;
    }
    return extension == null ? number : rewrite.emit(owner, extension, number, NONE);
  }

  /** What extends the sign of a number that has more above it; null if that is cut off. */
  private static IrOp extension(IrOp load) {
    return switch (load) {
      case LD16S -> IrOp.SEXT16;
      case LD32S -> IrOp.SEXT32;
      default -> null;
    };
  }

  /** The lowest bytes of a value. */
  private int cut(int owner, int value, int length) {
    IrOp low = length == 1 ? IrOp.ZEXT8 : length == 2 ? IrOp.ZEXT16 : IrOp.ZEXT32;
    if (length == 1 || length == 2 || length == 4) {
      return KnownBits.isExtended(rewrite.to, value, low)
          ? value
          : rewrite.emit(owner, low, value, NONE);
    }
    int mask = rewrite.constant(owner, (1L << Byte.SIZE * length) - 1);
    return rewrite.emit(owner, IrOp.AND, value, mask);
  }
}
