package dev.isomorph.translator.region;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.Jumps;
import dev.isomorph.translator.lift.LiftMode;
import java.util.Arrays;
import java.util.Random;

/** Runs a region as its operations say, for tests. */
public final class RegionMachine {
  /** How a run ends that does not enter the region. */
  public static final String NOT_ENTERED = "does not enter";

  private static final int MEMORY = 64;
  private static final long BASE = 0x5000;
  private static final int STACK_POINTER = 2;
  private static final int DOUBLES = 8;
  private static final long BOX = -1L << 32;
  private static final long ODD_NAN = 0xfff8_0000_0000_0123L;
  private static final int ODD_SINGLE = 0xffc0_0123;
  private static final long[] SINGLES = {
    0, 0x3f80_0000, 0xbf80_0000L, 0x7f80_0000, 0x7fc0_0000, ODD_SINGLE & 0xffff_ffffL, 0x4049_0fdb
  };
  private static final long[] DOUBLE_BITS = {
    0, 0x3ff0L << 48, 0xbff0L << 48, 0x7ff0L << 48, 0x7ff8L << 48, ODD_NAN, 0x4009_21fb_5444_2d18L
  };

  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final long[] entry = new long[StateSlot.COUNT];
  private final long[] values;
  private final boolean[] defined;
  private final byte[] memory = new byte[MEMORY];
  private final HostLikeFloats floats = new HostLikeFloats();
  private int polls;

  /** Stores up to the one that fails. */
  private int stores = Integer.MAX_VALUE;

  /**
   * A machine whose registers and memory are those of a seed. Registers of odd ones are words, and
   * numbers: singles in the first eight float registers, doubles in the others.
   */
  public RegionMachine(RegionGraph graph, long seed) {
    this.graph = graph;
    code = graph.code();
    states = new RegionStates(graph);
    values = new long[code.size()];
    defined = new boolean[code.size()];
    Random random = new Random(seed);
    for (int i = 1; i < 32; i++) {
      entry[StateSlot.x(i)] =
          random.nextInt(3) == 0 ? random.nextInt(20) - 5 : random.nextLong() >> random.nextInt(64);
      if ((seed & 1) != 0) {
        entry[StateSlot.x(i)] = (int) entry[StateSlot.x(i)];
      }
    }
    entry[StateSlot.x(STACK_POINTER)] = BASE + 16;
    random.nextBytes(memory);
    storeFloats(random);
    for (int i = 0; i < 32; i++) {
      boolean isSingle = (seed & 1) != 0 ? i < DOUBLES : random.nextBoolean();
      long bits = isSingle ? BOX | any(random, SINGLES) : any(random, DOUBLE_BITS);
      entry[StateSlot.f(i)] = bits;
      if ((seed & 1) != 0 && i >= DOUBLES && bits == ODD_NAN) {
        entry[StateSlot.f(i)] = 0;
      } else if ((seed & 1) != 0 && i < DOUBLES && (int) bits == ODD_SINGLE) {
        entry[StateSlot.f(i)] = BOX;
      }
    }
  }

  /** What an integer register holds where the region is entered. */
  public long entered(int register) {
    return register == 0 ? 0 : entry[StateSlot.x(register)];
  }

  /** Puts float corners to places where floats may be loaded from. */
  private void storeFloats(Random random) {
    for (int at = 0; at < MEMORY; at += Long.BYTES) {
      if (random.nextBoolean()) {
        long bits =
            random.nextBoolean()
                ? any(random, SINGLES) | any(random, SINGLES) << 32
                : any(random, DOUBLE_BITS);
        for (int i = 0; i < Long.BYTES; i++) {
          memory[at + i] = (byte) (bits >> 8 * i);
        }
      }
    }
  }

  private static long any(Random random, long[] corners) {
    return corners[random.nextInt(corners.length)];
  }

  /** Has two registers hold the same when the region is entered. */
  public RegionMachine enter(int register, int same) {
    entry[StateSlot.x(register)] = entry[StateSlot.x(same)];
    return this;
  }

  /** Lets a store fail that would not, by how many come before it. */
  public RegionMachine failing(int before) {
    stores = before;
    return this;
  }

  /** Runs until it leaves, faults or has polled so often; says how that came about. */
  public String run(int mostPolls) {
    polls = mostPolls;
    RegionNode node = graph.nodes().getFirst();
    RegionEdge by = null;
    while (true) {
      enter(node, by);
      states.begin(node);
      if (node.polls() && polls-- == 0) {
        name(node);
        return end("polls", code.pc(node.firstInstruction()), states.current());
      }
      states.begin(node);
      by = null;
      for (int id = node.start(); by == null; id++) {
        states.step(id);
        IrOp op = code.op(id);
        if (op.effect() == IrOp.Effect.EXIT) {
          by = isTaken(id) ? graph.edges().get((int) code.imm(id)) : null;
        } else if (!graph.isPhi(id) && !execute(id)) {
          int encoding = code.encoding(code.instructionOf(id));
          return isBranch(encoding)
              ? resume(code.pcOf(id), states.current())
              : end("faults", code.pcOf(id), states.current());
        }
      }
      if (by.isGuard()) {
        return end(NOT_ENTERED, by.pc(), states.at(by));
      }
      if (by.to() == null) {
        IrOp op = code.op(by.operation());
        boolean isDirect = op == IrOp.JUMP || op.isSideExit();
        long pc = isDirect ? by.pc() : value(code.a(by.operation()));
        return end("leaves", pc, states.at(by));
      }
      node = by.to();
    }
  }

  /** Goes to where it says what all registers are at a node's start. */
  private void name(RegionNode node) {
    for (int id = node.start(); id < graph.body(node); id++) {
      states.step(id);
      if (!graph.isPhi(id)) {
        execute(id);
      }
    }
  }

  /** All phis at once. */
  private void enter(RegionNode node, RegionEdge by) {
    int end = node.start();
    while (end < node.end() && graph.isPhi(end)) {
      end++;
    }
    long[] inputs = new long[end - node.start()];
    for (int id = node.start(); id < end; id++) {
      inputs[id - node.start()] = value(states.input(id, by));
    }
    for (int id = node.start(); id < end; id++) {
      set(id, inputs[id - node.start()]);
    }
  }

  /** How things are before anything is run. */
  public String beginning(String how) {
    int[] untouched = new int[StateSlot.COUNT];
    Arrays.fill(untouched, RegionStates.UNTOUCHED);
    return end(how, graph.nodes().getFirst().out().getLast().pc(), untouched);
  }

  private boolean isTaken(int id) {
    IrOp op = code.op(id);
    return !op.isSideExit() || IntegerSemantics.leaves(op, value(code.a(id)), value(code.b(id)));
  }

  private void set(int id, long value) {
    values[id] = value;
    defined[id] = true;
  }

  private long value(int id) {
    if (!defined[id]) {
      throw new IllegalStateException("v" + id + " is used before it is made:\n" + graph);
    }
    return values[id];
  }

  /** Returns false at a fault. */
  private boolean execute(int id) {
    IrOp op = code.op(id);
    switch (op) {
      case CONST -> set(id, code.imm(id));
      case GET, GETF -> set(id, entry[(int) code.imm(id)]);
      case PUT, PUTF -> {}
      default -> {
        if (op.accessesMemory()) {
          return access(id, op);
        }
        int n = op.operands();
        long b = n > 1 ? value(code.b(id)) : 0;
        long c = n > 2 ? value(code.c(id)) : 0;
        long a = n > 0 ? value(code.a(id)) : 0;
        boolean isInteger = IntegerSemantics.defines(op);
        set(
            id,
            isInteger
                ? IntegerSemantics.apply(op, a, b, c)
                : floats.apply(op, a, b, c, code.imm(id)));
      }
    }
    return true;
  }

  private boolean access(int id, IrOp op) {
    long stored = op.effect() == IrOp.Effect.MEMORY_WRITE ? value(code.b(id)) : 0;
    long at = value(code.a(id)) + code.imm(id);
    if (fails(op, at)) {
      return false;
    }
    set(id, access(op, at, stored));
    return true;
  }

  private boolean fails(IrOp op, long address) {
    if (op.effect() == IrOp.Effect.MEMORY_WRITE && stores == 0) {
      return true;
    }
    long at = address - BASE;
    return at < 0 || at > MEMORY - size(op);
  }

  private static int size(IrOp op) {
    return op.accessedBytes() == 0 ? Long.BYTES : op.accessedBytes();
  }

  /** Returns what has been loaded. */
  private long access(IrOp op, long address, long stored) {
    boolean writes = op.effect() == IrOp.Effect.MEMORY_WRITE;
    stores -= writes ? 1 : 0;
    int size = size(op);
    int at = (int) (address - BASE);
    long loaded = 0;
    for (int i = 0; i < size; i++) {
      if (writes) {
        memory[at + i] = (byte) (stored >> 8 * i);
      } else {
        loaded |= (memory[at + i] & 0xffL) << 8 * i;
      }
    }
    boolean isSigned = op == IrOp.LD8S || op == IrOp.LD16S || op == IrOp.LD32S;
    int unused = 64 - 8 * size;
    long value = op == IrOp.LDF_S ? floats.anyUpperHalf(loaded) : loaded;
    return isSigned ? loaded << unused >> unused : value;
  }

  private static boolean isBranch(int encoding) {
    return Jumps.isBranch(Decoder.decode(encoding));
  }

  /**
   * What both ways of a branch access has become one, and failed: the guest goes on by single
   * instructions, to the one that is at fault.
   */
  private String resume(long branch, int[] state) {
    long[] registers = registers(state);
    BlockLifter lifter = new BlockLifter(1);
    long pc = branch;
    while (true) {
      IrBlock one = new IrBlock();
      lifter.lift(this::parcel, pc, LiftMode.TRANSLATE, one);
      long[] made = new long[one.size()];
      long next = -1;
      for (int id = 0; next < 0; id++) {
        IrOp op = one.op(id);
        int operands = op.operands();
        long a = operands > 0 ? made[one.a(id)] : 0;
        long b = operands > 1 ? made[one.b(id)] : 0;
        long c = operands > 2 ? made[one.c(id)] : 0;
        switch (op) {
          case CONST -> made[id] = one.imm(id);
          case GET -> made[id] = registers[(int) one.imm(id)];
          case PUT -> registers[(int) one.imm(id)] = a;
          default -> {
            if (op.effect() == IrOp.Effect.EXIT) {
              boolean leaves = !op.isSideExit() || IntegerSemantics.leaves(op, a, b);
              next = leaves ? one.imm(id) : next;
            } else if (!op.accessesMemory()) {
              made[id] = IntegerSemantics.apply(op, a, b, c);
            } else if (fails(op, a + one.imm(id))) {
              return end("faults", pc, registers);
            } else {
              made[id] = access(op, a + one.imm(id), b);
            }
          }
        }
      }
      pc = next;
    }
  }

  /** The guest's code, as far as the region is made of it. */
  private int parcel(long pc) {
    for (int i = 0; i < code.instructionCount(); i++) {
      if (code.pc(i) == pc || code.pc(i) == pc - 2) {
        return (code.pc(i) == pc ? code.encoding(i) : code.encoding(i) >> 16) & 0xffff;
      }
    }
    return -1;
  }

  private long[] registers(int[] state) {
    long[] registers = entry.clone();
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      boolean isUntouched = state[slot] == RegionStates.UNTOUCHED;
      registers[slot] = isUntouched ? entry[slot] : value(state[slot]);
    }
    return registers;
  }

  private String end(String how, long pc, int[] state) {
    return end(how, pc, registers(state));
  }

  private String end(String how, long pc, long[] registers) {
    StringBuilder out = new StringBuilder(how).append(" 0x").append(Long.toHexString(pc));
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      String name = StateSlot.name(slot);
      out.append('\n').append(name).append(" = ").append(Long.toHexString(registers[slot]));
    }
    out.append("\nfflags = ").append(floats.fflags());
    return out.append('\n').append(Arrays.toString(memory)).toString();
  }
}
