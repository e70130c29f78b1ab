package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.BitSet;

/**
 * Makes selections of a branch whose two sides are alike: they load from addresses, and store at
 * one, that may differ, and end by the same jump or by the same branch, for compilers copy what
 * follows into both sides. A search tree goes to the left or to the right so. What both sides
 * compute is done once, whatever it takes; what only one does has to be short.
 *
 * <p>All accesses belong to the branch, and no register is written before the last of them. So if
 * one faults, it is the branch that faults: who settles faults has to run that by itself, and comes
 * to the access that is at fault. Since a store would be done twice so, there is nothing behind it.
 *
 * <p>For blocks as they come from the lifter, or from {@link IfConversion}.
 */
final class TwinSides {
  /** Operations that only one side does, at most. */
  private static final int MOST_OPERATIONS = 4;

  /** Values that are chosen, at most. */
  private static final int MOST_CHOSEN = 3;

  private final Selections selections;
  private IrBlock to;

  /** The instruction that the accesses belong to. */
  private int owner;

  /** Whether the branch is taken. */
  private int leads;

  /** The first operation that is made once for both sides. */
  private int start;

  /** Where what they leave begins. */
  private int end;

  /** What the near side does, and the far one. */
  private BitSet nearly;

  private BitSet farther;

  TwinSides(Selections selections) {
    this.selections = selections;
  }

  /**
   * Joins two sides with the branch before them, if that pays.
   *
   * @param fork a block; behind the branch it has all of the near side
   * @param branch one of its branches
   * @param far the block where that leads
   * @param to what both become
   * @return whether they have been joined
   */
  boolean join(IrBlock fork, int branch, IrBlock far, IrBlock to) {
    if (!selections.mayBe(fork, branch) || !endAlike(fork, branch, far)) {
      return false;
    }
    this.to = to;
    nearly = new BitSet();
    farther = new BitSet();
    to.clear();
    to.copyInstructions(fork);
    to.addInstructions(far);
    int[] renamed = new int[fork.size()];
    for (int id = 0; id < branch; id++) {
      renamed[id] = to.emitCopy(fork, id, fork.instructionOf(id), renamed);
    }
    owner = fork.instructionOf(branch);
    IrOp comparison = IfConversion.comparison(fork.op(branch));
    leads =
        to.emitFor(owner, comparison, renamed[fork.a(branch)], renamed[fork.b(branch)], NONE, 0);
    start = to.size();
    Side one = new Side(fork, branch + 1, renamed, nearly);
    Side other = new Side(far, 0, new int[far.size()], farther);
    if (!doAccesses(one, other)) {
      return false;
    }
    end(one, other);
    if (!pays()) {
      return false;
    }
    selections.note(fork, branch);
    return true;
  }

  /** Does all but the ends; two sides without an access that only meet are diamonds. */
  private boolean doAccesses(Side near, Side far) {
    boolean hasStored = false;
    boolean hasAccessed = false;
    while (true) {
      if (!near.goOn() || !far.goOn()) {
        return false;
      }
      IrOp op = near.op();
      if (op.effect() == IrOp.Effect.EXIT && far.op().effect() == IrOp.Effect.EXIT) {
        return hasAccessed || op != IrOp.JUMP;
      }
      if (op != far.op() || !isPlain(op) || hasStored) {
        return false;
      }
      long displacement = near.imm();
      int address = near.a();
      if (address != far.a() || displacement != far.imm()) {
        displacement = 0;
        address = chosen(near.address(), far.address());
      }
      hasStored = op.effect() == IrOp.Effect.MEMORY_WRITE;
      int stored = hasStored ? chosen(near.b(), far.b()) : NONE;
      int value = to.emitFor(owner, op, address, stored, NONE, displacement);
      hasAccessed = true;
      near.accessed(value);
      far.accessed(value);
    }
  }

  private static boolean isPlain(IrOp op) {
    return switch (op) {
      case LD8S, LD8U, LD16S, LD16U, LD32S, LD32U, LD64, ST8, ST16, ST32, ST64 -> true;
      default -> false;
    };
  }

  /** Whether both sides end by the same jump, or by the same branch and what is behind it. */
  private static boolean endAlike(IrBlock fork, int branch, IrBlock far) {
    int near = exit(fork, branch + 1);
    int other = exit(far, 0);
    IrOp one = fork.op(near);
    IrOp two = far.op(other);
    if (one == IrOp.JUMP || two == IrOp.JUMP) {
      return one == two && fork.imm(near) == far.imm(other);
    }
    if (!isLastBranch(fork, near) || !isLastBranch(far, other)) {
      return false;
    }
    long leads = far.imm(other);
    long goesOn = far.imm(other + 1);
    return one == two && fork.imm(near) == leads && fork.imm(near + 1) == goesOn
        || one == two.opposite() && fork.imm(near) == goesOn && fork.imm(near + 1) == leads;
  }

  private static int exit(IrBlock block, int start) {
    int id = start;
    while (block.op(id).effect() != IrOp.Effect.EXIT) {
      id++;
    }
    return id;
  }

  private static boolean isLastBranch(IrBlock block, int id) {
    return block.op(id).isSideExit() && id == block.size() - 2 && block.op(id + 1) == IrOp.JUMP;
  }

  /** Writes what the sides leave, and where they lead. */
  private void end(Side near, Side far) {
    boolean isBranch = near.op().isSideExit();
    int a = isBranch ? chosen(near.a(), far.a()) : NONE;
    int b = isBranch ? chosen(near.b(), far.b()) : NONE;
    BitSet written = (BitSet) near.written.clone();
    written.or(far.written);
    int[] values = new int[written.cardinality()];
    int count = 0;
    for (int slot = written.nextSetBit(0); slot >= 0; slot = written.nextSetBit(slot + 1)) {
      values[count++] = chosen(near.register(slot), far.register(slot));
    }
    end = to.size();
    owner = to.instructionCount() - 1;
    count = 0;
    for (int slot = written.nextSetBit(0); slot >= 0; slot = written.nextSetBit(slot + 1)) {
      to.emitFor(owner, IrOp.PUT, values[count++], NONE, NONE, slot);
    }
    if (isBranch) {
      to.emitFor(owner, near.op(), a, b, NONE, near.imm());
    }
    to.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, near.goesOn());
  }

  private boolean pays() {
    int operations = 0;
    int chosen = 0;
    BitSet used = used();
    for (int id = used.nextSetBit(start); id >= 0 && id < end; id = used.nextSetBit(id + 1)) {
      if (nearly.get(id) != farther.get(id)) {
        operations += ShortArm.cost(to.op(id));
      } else if (!nearly.get(id)) {
        chosen += to.op(id) == IrOp.SELECT ? 1 : 0;
      }
    }
    return operations <= MOST_OPERATIONS && chosen <= MOST_CHOSEN;
  }

  /** What has been made that somebody wants. */
  private BitSet used() {
    BitSet used = new BitSet(to.size());
    for (int id = to.size() - 1; id >= start; id--) {
      IrOp op = to.op(id);
      if (op.effect() != IrOp.Effect.PURE) {
        used.set(id);
      }
      if (used.get(id)) {
        use(used, op.operands() > 0, to.a(id));
        use(used, op.operands() > 1, to.b(id));
        use(used, op.operands() > 2, to.c(id));
      }
    }
    return used;
  }

  private static void use(BitSet used, boolean isOperand, int value) {
    if (isOperand) {
      used.set(value);
    }
  }

  /**
   * The one of two values that the branch chooses. Where both are made alike of values of which all
   * but one are the same, that one is chosen: then what goes round waits for no choice.
   */
  private int chosen(int near, int far) {
    if (near == far) {
      return near;
    }
    IrOp op = to.op(near);
    if (isMadeAlike(near, far)) {
      int a = chosen(to.a(near), to.a(far));
      int b = op.operands() > 1 ? chosen(to.b(near), to.b(far)) : NONE;
      return make(op, a, b, NONE, to.imm(near));
    }
    return make(IrOp.SELECT, leads, far, near, 0);
  }

  /** Whether two values differ by one operand, which is not a constant: these take nothing. */
  private boolean isMadeAlike(int near, int far) {
    IrOp op = to.op(near);
    if (near < start
        || far < start
        || op != to.op(far)
        || op.effect() != IrOp.Effect.PURE
        || to.imm(near) != to.imm(far)) {
      return false;
    }
    return switch (op.operands()) {
      case 1 -> isNoConstant(to.a(near), to.a(far));
      case 2 ->
          to.b(near) == to.b(far) && isNoConstant(to.a(near), to.a(far))
              || to.a(near) == to.a(far) && isNoConstant(to.b(near), to.b(far));
      default -> false;
    };
  }

  private boolean isNoConstant(int near, int far) {
    return !to.isConstant(near) || !to.isConstant(far);
  }

  /** What is made of the same is the same. */
  private int make(IrOp op, int a, int b, int c, long imm) {
    for (int id = start; id < to.size(); id++) {
      if (to.op(id) == op && to.a(id) == a && to.b(id) == b && to.c(id) == c && to.imm(id) == imm) {
        return id;
      }
    }
    return to.emitFor(owner, op, a, b, c, imm);
  }

  /** A walk through what one side does. */
  private final class Side {
    private final int[] registers = new int[StateSlot.COUNT];
    private final BitSet does;
    private final IrBlock block;
    private final int[] renamed;
    private int id;
    final BitSet written = new BitSet();

    /**
     * @param renamed what has become of the block's values
     * @param does of the operations that have been made, those that this side does
     */
    Side(IrBlock block, int start, int[] renamed, BitSet does) {
      this.block = block;
      this.renamed = renamed;
      this.does = does;
      id = start;
    }

    /** Goes on to the next access or end; returns false if there is what cannot be done. */
    boolean goOn() {
      while (true) {
        IrOp op = block.op(id);
        if (op == IrOp.PUT && block.imm(id) < StateSlot.F0) {
          registers[slot()] = renamed[block.a(id)];
          written.set(slot());
          id++;
        } else if (op == IrOp.GET && block.imm(id) < StateSlot.F0) {
          renamed[id] = register(slot());
          id++;
        } else if (op.effect() == IrOp.Effect.PURE && !block.mayLeave(id)) {
          int operands = op.operands();
          int a = operands > 0 ? renamed[block.a(id)] : NONE;
          int b = operands > 1 ? renamed[block.b(id)] : NONE;
          int c = operands > 2 ? renamed[block.c(id)] : NONE;
          renamed[id] = make(op, a, b, c, block.imm(id));
          does.set(renamed[id]);
          id++;
        } else {
          return op.effect() == IrOp.Effect.EXIT || op.accessesMemory();
        }
      }
    }

    private int slot() {
      return (int) block.imm(id);
    }

    /** What a guest register is by now. */
    int register(int slot) {
      return written.get(slot) ? registers[slot] : make(IrOp.GET, NONE, NONE, NONE, slot);
    }

    IrOp op() {
      return block.op(id);
    }

    int a() {
      return renamed[block.a(id)];
    }

    int b() {
      return renamed[block.b(id)];
    }

    long imm() {
      return block.imm(id);
    }

    int address() {
      if (imm() == 0) {
        return a();
      }
      int displacement = make(IrOp.CONST, NONE, NONE, NONE, imm());
      int address = make(IrOp.ADD, a(), displacement, NONE, 0);
      does.set(address);
      return address;
    }

    /** The access has been done, with this for its value. */
    void accessed(int value) {
      renamed[id] = value;
      id++;
    }

    /** Where the jump leads that it ends with. */
    long goesOn() {
      return block.imm(block.size() - 1);
    }
  }
}
