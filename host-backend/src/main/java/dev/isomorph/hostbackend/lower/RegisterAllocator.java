package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.RegisterMap.NO_REGISTER;
import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;
import static dev.isomorph.hostbackend.lower.RegisterMap.XMM0;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.ValueType;
import java.util.Arrays;

/**
 * The block tier's register allocator: one pass, around the {@link RegisterMap}.
 *
 * <p>Guest state is in its homes whenever the block may be left. Values that are a slot's current
 * content need no register of their own; the others live in the scratch registers, and in spill
 * slots when these run out. Vocabulary: {@code use} brings a value into a register, {@code define}
 * gives an operation's result one, {@code take} claims a certain register, {@code scratch} any.
 * Registers used within an operation stay locked until {@link #begin(int)} of the next one. Nothing
 * here changes host flags.
 */
final class RegisterAllocator {
  static final int NO_MEMORY = Integer.MIN_VALUE;

  private static final int NO_VALUE = -1;
  private static final int[] GPR_SCRATCH = {
    Gpr.RAX.ordinal(), Gpr.RCX.ordinal(), Gpr.RDX.ordinal()
  };
  private static final int[] XMM_SCRATCH = {XMM0, XMM0 + 1, XMM0 + 2, XMM0 + 3};

  private final Assembler asm;
  private final HostMoves moves;
  private RegisterMap map;
  private IrBlock block;
  private BlockAnalysis analysis;
  private int now;
  private int locked;

  /** Scratch registers that are free but hold what may be of use once more. */
  private int kept;

  private int[] alias = new int[0];
  private int[] register = new int[0];
  private int[] memory = new int[0];
  private final int[] heldBy = new int[RegisterMap.HOST_REGISTERS];
  private final int[] slotValue = new int[RegionSlots.COUNT];

  /** The slots between these may have a value; most blocks touch few. */
  private int firstTouched;

  private int lastTouched = RegionSlots.COUNT - 1;
  private final int[] spillValue = new int[RegisterFile.SPILL_COUNT];
  private int spillsUsed;

  RegisterAllocator(Assembler asm) {
    this.asm = asm;
    moves = new HostMoves(asm);
  }

  void start(IrBlock block, BlockAnalysis analysis, RegisterMap map) {
    this.map = map;
    this.block = block;
    this.analysis = analysis;
    kept = 0;
    int n = block.size();
    if (alias.length < n) {
      alias = new int[Math.max(256, 2 * n)];
      register = new int[alias.length];
      memory = new int[alias.length];
    }
    for (int i = 0; i < n; i++) {
      alias[i] = i;
    }
    Arrays.fill(register, 0, n, NO_REGISTER);
    Arrays.fill(memory, 0, n, NO_MEMORY);
    Arrays.fill(heldBy, NO_VALUE);
    Arrays.fill(slotValue, firstTouched, lastTouched + 1, NO_VALUE);
    firstTouched = slotValue.length;
    lastTouched = firstTouched - 1;
    Arrays.fill(spillValue, 0, spillsUsed, NO_VALUE);
    spillsUsed = 0;
  }

  /** Starts operation {@code id}: unlocks all registers. */
  void begin(int id) {
    now = id;
    locked = 0;
  }

  /** The current operation. */
  int now() {
    return now;
  }

  /** Frees the registers locked so far in the current operation for its further steps. */
  void unlock() {
    locked = 0;
  }

  /** Frees one register for the further steps of the current operation. */
  void unlock(Gpr host) {
    locked &= ~(1 << host.ordinal());
  }

  /** Keeps a register that holds no value for the rest of the current operation. */
  void lock(Gpr host) {
    locked |= 1 << host.ordinal();
  }

  /** Takes other registers first, as long as there are any, from now on. */
  void keep(Gpr host) {
    kept |= 1 << host.ordinal();
  }

  /** Whether a register holds what it did when it was kept last. */
  boolean isKept(Gpr host) {
    return (kept >>> host.ordinal() & 1) != 0;
  }

  /** The value that stands for {@code value}. */
  int resolve(int value) {
    int v = value;
    while (alias[v] != v) {
      v = alias[v];
    }
    return v;
  }

  /** Makes {@code value} another name of {@code original}. */
  void alias(int value, int original) {
    int o = resolve(original);
    alias[value] = o;
    analysis.extend(o, analysis.lastUse(value));
  }

  boolean isConstant(int value) {
    return block.op(resolve(value)) == IrOp.CONST;
  }

  long constant(int value) {
    return block.imm(resolve(value));
  }

  /** Whether a value is a constant that fits a sign-extended 32-bit immediate. */
  boolean isImmediate(int value) {
    return isConstant(value) && constant(value) == (int) constant(value);
  }

  /** Whether a value is needed by a later operation. */
  boolean isLiveAfter(int value) {
    return analysis.lastUse(resolve(value)) > now;
  }

  // Guest state.

  /** GET or GETF: the value is the slot's content, where it is. */
  void read(int value, int slot) {
    int home = map.homeOf(slot);
    int holder = home >= 0 ? heldBy[home] : slotValue[slot];
    if (holder != NO_VALUE) {
      alias(value, holder);
    } else if (home >= 0) {
      heldBy[home] = value;
      register[value] = home;
    } else {
      slotHolds(slot, value);
      memory[value] = RegisterFile.slot(slot);
    }
  }

  /** PUT or PUTF: the slot's content becomes the value. */
  void write(int slot, int value) {
    int v = resolve(value);
    int home = map.homeOf(slot);
    if (home >= 0) {
      writeHome(home, v);
    } else {
      writeMemory(slot, v);
    }
  }

  /** Whether a value dies here and is where {@code slot}'s content is, in memory only. */
  boolean isOnlyIn(int value, int slot) {
    int v = resolve(value);
    return memory[v] == RegisterFile.slot(slot)
        && slotValue[slot] == v
        && register[v] == NO_REGISTER
        && !isLiveAfter(v);
  }

  /** The result was made where {@code slot}'s content is, in memory. */
  void defineInSlot(int value, int slot) {
    memory[slotValue[slot]] = NO_MEMORY;
    memory[value] = RegisterFile.slot(slot);
    slotHolds(slot, value);
  }

  private void writeHome(int home, int v) {
    if (register[v] == home) {
      return;
    }
    preserve(home);
    int from = register[v];
    moveInto(home, v);
    if (from == NO_REGISTER || isScratch(from)) {
      if (from != NO_REGISTER) {
        heldBy[from] = NO_VALUE;
      }
      register[v] = home;
    }
    heldBy[home] = v;
  }

  private void writeMemory(int slot, int v) {
    int old = slotValue[slot];
    if (old == v) {
      return;
    }
    if (old != NO_VALUE) {
      if (register[old] == NO_REGISTER && isLiveAfter(old)) {
        use(old);
      }
      memory[old] = NO_MEMORY;
    }
    int disp = RegisterFile.slot(slot);
    if (isImmediate(v) && register[v] == NO_REGISTER) {
      asm.mov(8, Mem.of(STATE, disp), (int) constant(v));
      slotValue[slot] = NO_VALUE;
      return;
    }
    moves.store(disp, use(v));
    if (memory[v] == NO_MEMORY) {
      memory[v] = disp;
      slotHolds(slot, v);
    } else {
      slotValue[slot] = NO_VALUE;
    }
  }

  private void slotHolds(int slot, int value) {
    slotValue[slot] = value;
    firstTouched = Math.min(firstTouched, slot);
    lastTouched = Math.max(lastTouched, slot);
  }

  // Uses.

  /** Brings a value into a register and locks it; returns the host register's number. */
  int use(int value) {
    int v = resolve(value);
    if (register[v] == NO_REGISTER) {
      int r = scratchFor(isFloat(v));
      moveInto(r, v);
      register[v] = r;
      heldBy[r] = v;
    }
    locked |= 1 << register[v];
    return register[v];
  }

  Gpr useGpr(int value) {
    return RegisterMap.gpr(use(value));
  }

  Xmm useXmm(int value) {
    return RegisterMap.xmm(use(value));
  }

  /**
   * Where a value can be read as a memory operand: it is in no register and not worth one, since
   * this is its last use; else {@link #NO_MEMORY}.
   */
  int memoryOperand(int value) {
    int v = resolve(value);
    return register[v] == NO_REGISTER && !isLiveAfter(v) ? memory[v] : NO_MEMORY;
  }

  /** Where a value is in memory at this moment, or {@link #NO_MEMORY}. */
  int memoryOf(int value) {
    return memory[resolve(value)];
  }

  /** The register a value is in at this moment, or {@link RegisterMap#NO_REGISTER}. */
  int registerOf(int value) {
    return register[resolve(value)];
  }

  // Definitions.

  /** Gives the result of the current operation a register. */
  int define(int value) {
    int r = targetOf(value);
    if (r == NO_REGISTER) {
      r = scratchFor(isFloat(value));
    } else {
      preserve(r);
    }
    return bind(value, r);
  }

  /**
   * Gives the result a register that already holds operand {@code from}: the operand's own one if
   * it dies here. {@code other} is an operand that must survive in its register, or -1.
   */
  int defineFrom(int value, int from, int other) {
    int f = resolve(from);
    int avoid = other < 0 ? NO_REGISTER : register[resolve(other)];
    int source = register[f];
    int r = targetOf(value);
    if (r != NO_REGISTER && (r == source || r != avoid)) {
      preserve(r);
    } else if (source >= 0 && isScratch(source) && !isLiveAfter(f) && source != avoid) {
      register[f] = NO_REGISTER;
      return bind(value, source);
    } else {
      r = scratchFor(isFloat(value));
    }
    if (r != source) {
      moveInto(r, f);
    }
    return bind(value, r);
  }

  Gpr defineGpr(int value) {
    return RegisterMap.gpr(define(value));
  }

  Gpr defineGprFrom(int value, int from, int other) {
    return RegisterMap.gpr(defineFrom(value, from, other));
  }

  Xmm defineXmm(int value) {
    return RegisterMap.xmm(define(value));
  }

  Xmm defineXmmFrom(int value, int from, int other) {
    return RegisterMap.xmm(defineFrom(value, from, other));
  }

  /** Gives the result the scratch register it has been computed in. */
  void defineIn(int value, int host) {
    int r = targetOf(value);
    if (r != NO_REGISTER) {
      preserve(r);
      moves.copy(r, host);
      bind(value, r);
    } else {
      bind(value, host);
    }
  }

  void defineIn(int value, Gpr host) {
    defineIn(value, host.ordinal());
  }

  void defineIn(int value, Xmm host) {
    defineIn(value, XMM0 + host.ordinal());
  }

  /** Whether the result will be computed in the home of a guest register that {@code v} is in. */
  boolean targets(int value, int v) {
    int r = targetOf(value);
    return r != NO_REGISTER && r == register[resolve(v)];
  }

  private int bind(int value, int r) {
    heldBy[r] = value;
    register[value] = r;
    locked |= 1 << r;
    return r;
  }

  private int targetOf(int value) {
    int slot = analysis.target(value);
    return slot < 0 ? NO_REGISTER : map.homeOf(slot);
  }

  // Temporaries.

  /** A general register for use within the current operation. */
  Gpr scratchGpr() {
    return RegisterMap.gpr(scratch(false));
  }

  /** An xmm register for use within the current operation. */
  Xmm scratchXmm() {
    return RegisterMap.xmm(scratch(true));
  }

  private int scratch(boolean isFloat) {
    int r = scratchFor(isFloat);
    heldBy[r] = NO_VALUE;
    return r;
  }

  /** Claims a certain scratch register, moving what lives there elsewhere. */
  void take(Gpr host) {
    int r = host.ordinal();
    int v = heldBy[r];
    if (v != NO_VALUE && analysis.lastUse(v) >= now) {
      int free = freeScratch(false);
      if (free != NO_REGISTER) {
        moves.copy(free, r);
        heldBy[free] = v;
        register[v] = free;
      } else {
        evict(r);
      }
    } else if (v != NO_VALUE) {
      register[v] = NO_REGISTER;
    }
    heldBy[r] = NO_VALUE;
    locked |= 1 << r;
    kept &= ~(1 << r);
  }

  /** Claims a certain scratch register with a copy of a value in it; {@code other} survives. */
  void takeWith(Gpr host, int value, int other) {
    int v = resolve(value);
    int r = host.ordinal();
    boolean isThere = register[v] == r;
    if (isThere && !isLiveAfter(v) && v != resolve(other)) {
      register[v] = NO_REGISTER;
      heldBy[r] = NO_VALUE;
      locked |= 1 << r;
      return;
    }
    take(host);
    // Taking copies what was there, and leaves it.
    if (!isThere) {
      load(host, v);
      int from = register[v];
      if (from >= 0 && isScratch(from) && !isLiveAfter(v) && v != resolve(other)) {
        register[v] = NO_REGISTER;
        heldBy[from] = NO_VALUE;
      }
    }
  }

  /** A later value is made already, in a claimed register. */
  void keepIn(int value, Gpr host) {
    bind(value, host.ordinal());
  }

  /** Copies a value into a claimed register. */
  void load(Gpr into, int value) {
    int v = resolve(value);
    if (register[v] != into.ordinal()) {
      moveInto(into.ordinal(), v);
    }
  }

  private int scratchFor(boolean isFloat) {
    int r = freeScratch(isFloat);
    if (r == NO_REGISTER) {
      r = victim(isFloat);
      evict(r);
    }
    locked |= 1 << r;
    return r;
  }

  private int freeScratch(boolean isFloat) {
    int r = freeScratch(isFloat, locked | kept);
    if (r == NO_REGISTER) {
      r = freeScratch(isFloat, locked);
    }
    if (r != NO_REGISTER) {
      kept &= ~(1 << r);
    }
    return r;
  }

  private int freeScratch(boolean isFloat, int avoided) {
    for (int r : isFloat ? XMM_SCRATCH : GPR_SCRATCH) {
      if ((avoided & 1 << r) == 0) {
        int v = heldBy[r];
        if (v == NO_VALUE || analysis.lastUse(v) < now) {
          if (v != NO_VALUE) {
            register[v] = NO_REGISTER;
            heldBy[r] = NO_VALUE;
          }
          return r;
        }
      }
    }
    return NO_REGISTER;
  }

  private int victim(boolean isFloat) {
    int best = NO_REGISTER;
    int farthest = -1;
    for (int r : isFloat ? XMM_SCRATCH : GPR_SCRATCH) {
      if ((locked & 1 << r) == 0) {
        int v = heldBy[r];
        boolean free = memory[v] != NO_MEMORY || block.op(v) == IrOp.CONST;
        int distance = analysis.lastUse(v) + (free ? block.size() : 0);
        if (distance > farthest) {
          farthest = distance;
          best = r;
        }
      }
    }
    if (best == NO_REGISTER) {
      throw new IllegalStateException("no scratch register left at operation " + now);
    }
    return best;
  }

  private void evict(int r) {
    int v = heldBy[r];
    if (memory[v] == NO_MEMORY && block.op(v) != IrOp.CONST) {
      spill(v, r);
    }
    register[v] = NO_REGISTER;
    heldBy[r] = NO_VALUE;
  }

  /** Saves the value in guest home {@code r} if it is needed after the home changes. */
  private void preserve(int r) {
    int v = heldBy[r];
    if (v == NO_VALUE || register[v] != r) {
      return;
    }
    heldBy[r] = NO_VALUE;
    register[v] = otherHome(v);
    if (register[v] != NO_REGISTER) {
      return;
    }
    if (!isLiveAfter(v) || memory[v] != NO_MEMORY || block.op(v) == IrOp.CONST) {
      return;
    }
    int free = freeScratch(r >= XMM0);
    if (free != NO_REGISTER) {
      moves.copy(free, r);
      heldBy[free] = v;
      register[v] = free;
    } else {
      spill(v, r);
    }
  }

  /** Another home that holds a value: a register move has put it there too. */
  private int otherHome(int v) {
    for (int r = 0; r < RegisterMap.HOST_REGISTERS; r++) {
      if (heldBy[r] == v && !isScratch(r)) {
        return r;
      }
    }
    return NO_REGISTER;
  }

  private void spill(int v, int r) {
    int index = 0;
    while (index < spillsUsed
        && spillValue[index] != NO_VALUE
        && analysis.lastUse(spillValue[index]) >= now) {
      index++;
    }
    if (index == RegisterFile.SPILL_COUNT) {
      throw new IllegalStateException("no spill slot left at operation " + now);
    }
    spillsUsed = Math.max(spillsUsed, index + 1);
    int dead = spillValue[index];
    if (dead != NO_VALUE && memory[dead] == RegisterFile.spill(index)) {
      // It may come to life again: a later read of the guest register that it was written to.
      memory[dead] = NO_MEMORY;
    }
    spillValue[index] = v;
    memory[v] = RegisterFile.spill(index);
    moves.store(memory[v], r);
  }

  // Moves.

  private void moveInto(int r, int v) {
    if (register[v] != NO_REGISTER) {
      moves.copy(r, register[v]);
    } else if (block.op(v) == IrOp.CONST) {
      asm.movImm(RegisterMap.gpr(r), block.imm(v));
    } else {
      moves.load(r, memory[v]);
    }
  }

  private boolean isFloat(int value) {
    return block.op(value).type() == ValueType.FLOAT;
  }

  /** Whether a host register is the home of a guest register. */
  boolean isHome(int r) {
    return map.slotOf(r) >= 0;
  }

  private static boolean isScratch(int r) {
    return RegisterMap.FIXED.slotOf(r) < 0;
  }
}
