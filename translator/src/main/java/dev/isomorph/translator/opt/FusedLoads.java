package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.LoadedOperand;
import dev.isomorph.translator.ir.ValueType;
import dev.isomorph.translator.region.RegionGraph;
import java.util.Arrays;

/**
 * Has the only operation that uses a loaded value stand right behind the load and belong to its
 * instruction, if the host can do both by one of its own: that of a process's memory, say, and a
 * register. Compilers put other instructions between, for the sake of processors that wait.
 *
 * <p>Nobody else may want the value, nor may the guest's state: that is so if its register is
 * written again before the block may be left. What is moved neither leaves nor accesses memory. If
 * it raises float flags, it does so before others that only raise some, too: never before an access
 * that may fault, for who is told of that sees them.
 *
 * <p>For blocks as {@link DeadCode} leaves them, and the nodes of regions, one after the other.
 * Keeps its working memory; one thread at a time.
 */
final class FusedLoads {
  private IrBlock from;
  private int[] uses = new int[0];
  private int[] lastUse = new int[0];

  /** By load, its user; {@link IrBlock#NONE} if both stay where they are. */
  private int[] userOf = new int[0];

  /** By operation, the load in front of which, or behind which, it is to stand. */
  private int[] movedTo = new int[0];

  /**
   * Writes what a block becomes to {@code to}.
   *
   * @return null if it stays as it is; what {@code to} has then means nothing
   */
  BlockRewrite run(IrBlock block, IrBlock to) {
    from = block;
    int n = block.size();
    if (uses.length < n) {
      uses = new int[2 * n];
      lastUse = new int[2 * n];
      userOf = new int[2 * n];
      movedTo = new int[2 * n];
    }
    Arrays.fill(uses, 0, n, 0);
    Arrays.fill(userOf, 0, n, IrBlock.NONE);
    Arrays.fill(movedTo, 0, n, IrBlock.NONE);
    countUses();
    return find() ? copy(to) : null;
  }

  private static boolean isLoad(IrOp op) {
    return op.accessedBytes() > 0 && op.effect() == IrOp.Effect.MEMORY_READ;
  }

  /** Uses by operations: of the guest's state it matters who sees it. */
  private void countUses() {
    for (int id = 0; id < from.size(); id++) {
      IrOp op = from.op(id);
      for (int i = 0; i < op.operands() && op.effect() != IrOp.Effect.STATE; i++) {
        uses[from.operand(id, i)]++;
        lastUse[from.operand(id, i)] = id;
      }
    }
  }

  private boolean find() {
    boolean found = false;
    for (int load = 0; load < from.size(); load++) {
      if (isLoad(from.op(load)) && uses[load] == 1) {
        int user = lastUse[load];
        if (mayTake(user, load) && isForNobodyElse(load, user)) {
          found |= move(load, user);
        }
      }
    }
    return found;
  }

  /** Whether the host has an instruction for an operation with a loaded operand. */
  private boolean mayTake(int user, int load) {
    IrOp op = from.op(user);
    boolean isFirst = from.a(user) == load;
    return LoadedOperand.isTakenBy(op, from.op(load), isFirst)
        && (op.type() == ValueType.FLOAT || isUpdated(user, isFirst));
  }

  /**
   * Whether the host may do the operation where its other operand is, which nobody wants behind it.
   * If that is not so, what is loaded is better brought to a register: no more instructions.
   */
  private boolean isUpdated(int user, boolean isOtherSecond) {
    int other = isOtherSecond ? from.b(user) : from.a(user);
    return !from.isConstant(other) && lastUse[other] == user && !isSeen(other, user);
  }

  /** Whether no state that may be asked for has the loaded value. */
  private boolean isForNobodyElse(int load, int user) {
    return nextLeave(load) > user && !isSeen(load, user);
  }

  /** Whether the guest's state has a value where it may be asked for next behind its last use. */
  private boolean isSeen(int value, int use) {
    int next = nextLeave(use);
    for (int id = value; id < next; id++) {
      if ((id == value ? isRead(id) : isWrite(id, value)) && !isOverwritten(id, next)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRead(int id) {
    return from.op(id) == IrOp.GET || from.op(id) == IrOp.GETF;
  }

  private boolean isWrite(int id, int value) {
    return from.op(id).effect() == IrOp.Effect.STATE && from.a(id) == value;
  }

  /** Whether a guest register that is read or written is written once more before another one. */
  private boolean isOverwritten(int access, int end) {
    long slot = from.imm(access) % RegionGraph.PHI;
    int id = access + 1;
    while (id < end && (from.op(id).effect() != IrOp.Effect.STATE || from.imm(id) != slot)) {
      id++;
    }
    return id < end;
  }

  private int nextLeave(int id) {
    int next = id + 1;
    while (!from.mayLeave(next)) {
      next++;
    }
    return next;
  }

  /**
   * Moves an operation and what it reads of the guest's registers to a load, unless it needs what
   * is made behind that: in front of it this would need a register more.
   */
  private boolean move(int load, int user) {
    for (int i = 0; i < from.op(user).operands(); i++) {
      int value = from.operand(user, i);
      if (value > load && !isRead(value)) {
        return false;
      }
    }
    for (int i = 0; i < from.op(user).operands(); i++) {
      int value = from.operand(user, i);
      if (value > load && movedTo[value] == IrBlock.NONE) {
        movedTo[value] = load;
      }
    }
    movedTo[user] = load;
    userOf[load] = user;
    return true;
  }

  private BlockRewrite copy(IrBlock to) {
    BlockRewrite rewrite = new BlockRewrite(from, to);
    for (int id = 0; id < from.size(); id++) {
      rewrite.begin(id);
      if (userOf[id] != IrBlock.NONE) {
        for (int moved = id + 1; moved < userOf[id]; moved++) {
          if (movedTo[moved] == id) {
            rewrite.copyFor(from.instructionOf(id), moved);
          }
        }
        rewrite.copy(id);
        copyUser(rewrite, id);
      } else if (movedTo[id] == IrBlock.NONE) {
        rewrite.copy(id);
      }
    }
    return rewrite;
  }

  /** The loaded value becomes the second operand: the host works where the first one is. */
  private void copyUser(BlockRewrite rewrite, int load) {
    int user = userOf[load];
    int other = rewrite.renamed[from.a(user) == load ? from.b(user) : from.a(user)];
    int loaded = rewrite.renamed[load];
    int owner = from.instructionOf(load);
    rewrite.renamed[user] =
        rewrite.to.emitFor(owner, from.op(user), other, loaded, IrBlock.NONE, from.imm(user));
  }
}
