package dev.isomorph.systemvm.hart;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.systemvm.device.BusFault;
import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.GuestMemoryFault;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;

/**
 * A hart that runs whole software without an engine: each instruction by the evaluator, each
 * address by a walk. Slow, and simple enough to judge faster ones by.
 */
final class SlowHart implements HartRegisters, HartCounts, HartListener {
  private final ArrayState user = new ArrayState();
  private final PhysicalBus bus;
  private final Translation translation = new Translation();
  private final Evaluator evaluator = new Evaluator();
  private final IrBlock block = new IrBlock();
  private final Lifter lifter = new Lifter(LiftMode.EVALUATE_MACHINE);
  private final Lifter floatless = new Lifter(LiftMode.EVALUATE_MACHINE_WITHOUT_FLOATS);
  private final Memory memory = new Memory();

  final PrivilegedState state;
  final Traps traps;
  private final PageWalker walker;
  private final PrivilegedInstructions privileged;

  private long pc;
  private long retired;

  /** Why the last access of the evaluator's faulted. */
  private TrapCause fault;

  SlowHart(int hart, PhysicalBus bus, MachineClock clock) {
    this.bus = bus;
    state = new PrivilegedState(hart, this, clock, this, this);
    traps = new Traps(state);
    walker = new PageWalker(state, bus.ram());
    privileged = new PrivilegedInstructions(state, traps, walker, bus.ram());
  }

  /** Takes an interrupt, or executes an instruction or takes its trap. */
  void step() {
    if (traps.interrupt()) {
      return;
    }
    int bits = fetch(pc);
    if (bits == -1) {
      return;
    }
    if (Instruction.lengthOf(bits) == 4) {
      int high = fetch(pc + 2);
      if (high == -1) {
        return;
      }
      bits |= high << 16;
    }
    execute(Decoder.decode(bits));
  }

  /** Two bytes of code; -1 after a trap. */
  private int fetch(long address) {
    TrapCause cause = walker.translate(address, 2, AccessKind.FETCH, translation);
    try {
      if (cause == null) {
        return (int) bus.load(translation.physical(), 2);
      }
    } catch (BusFault nothing) {
      cause = TrapCause.FETCH_ACCESS_FAULT;
    }
    traps.take(cause, address, pc);
    return -1;
  }

  private void execute(Instruction instruction) {
    block.clear();
    Lifter with = state.isFloatUnitDirty() ? lifter : floatless;
    if (!with.lift(instruction, pc, block)) {
      block.emit(IrOp.JUMP, IrBlock.NONE, pc + instruction.length());
    }
    touchLikeStore(instruction);
    Outcome outcome = evaluator.run(block, user, memory);
    boolean retires = true;
    switch (outcome.kind()) {
      case EXIT -> pc = outcome.nextPc();
      case MEMORY_FAULT -> {
        traps.take(asStore(fault, outcome.write()), outcome.address(), pc);
        retires = false;
      }
      case MISALIGNED -> {
        TrapCause cause = outcome.write() ? TrapCause.STORE_MISALIGNED : TrapCause.LOAD_MISALIGNED;
        traps.take(cause, outcome.address(), pc);
        retires = false;
      }
      case TRAP -> {
        switch (outcome.trap()) {
          case SYSTEM_CALL -> traps.environmentCall();
          case BREAKPOINT -> traps.breakpoint();
          case ILLEGAL_INSTRUCTION -> traps.illegalInstruction(instruction.bits());
          case FENCE_I -> pc += instruction.length();
          case PRIVILEGED -> privileged.execute(instruction.bits());
          case EVALUATE -> throw new IllegalStateException("not to be evaluated");
        }
        retires =
            switch (outcome.trap()) {
              case FENCE_I, PRIVILEGED -> true;
              default -> false;
            };
      }
    }
    retired += retires ? 1 : 0;
  }

  /**
   * Atomic operations are stores from the beginning: where they could store the page is dirty, even
   * if nothing is there that they could load. A store-conditional that fails may be treated so.
   */
  private void touchLikeStore(Instruction instruction) {
    Opcode opcode = instruction.opcode();
    if (opcode.extension() == Extension.A && opcode != Opcode.LR_W && opcode != Opcode.LR_D) {
      int bytes = 1 << (instruction.bits() >>> 12 & 7);
      long address = x(instruction.rs1());
      if ((address & bytes - 1) == 0) {
        walker.translate(address, bytes, AccessKind.STORE, translation);
      }
    }
  }

  /** An atomic operation's loads fault as stores. */
  private static TrapCause asStore(TrapCause cause, boolean store) {
    return switch (cause) {
      case LOAD_PAGE_FAULT -> store ? TrapCause.STORE_PAGE_FAULT : cause;
      case LOAD_ACCESS_FAULT -> store ? TrapCause.STORE_ACCESS_FAULT : cause;
      default -> cause;
    };
  }

  /** Data by virtual address; what crosses pages byte by byte. */
  private final class Memory implements DataMemory {
    private long physical(long address, int bytes, AccessKind kind) {
      fault = walker.translate(address, bytes, kind, translation);
      if (fault != null) {
        throw new GuestMemoryFault(address, kind == AccessKind.STORE);
      }
      return translation.physical();
    }

    private boolean isWhole(long address, int bytes) {
      return (address & bytes - 1) == 0;
    }

    private GuestMemoryFault nothingThere(long address, AccessKind kind) {
      fault = kind.accessFault();
      return new GuestMemoryFault(address, kind == AccessKind.STORE);
    }

    @Override
    public long load(long address, int bytes) {
      if (!isWhole(address, bytes)) {
        for (int i = 0; i < bytes; i++) {
          physical(address + i, 1, AccessKind.LOAD);
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
          value |= load(address + i, 1) << 8 * i;
        }
        return value;
      }
      long physical = physical(address, bytes, AccessKind.LOAD);
      try {
        return bus.load(physical, bytes);
      } catch (BusFault nothing) {
        throw nothingThere(address, AccessKind.LOAD);
      }
    }

    @Override
    public void store(long address, int bytes, long value) {
      if (!isWhole(address, bytes)) {
        long[] places = new long[bytes];
        for (int i = 0; i < bytes; i++) {
          places[i] = physical(address + i, 1, AccessKind.STORE);
        }
        // All of it or nothing: it is seen before that there is nothing at one of the bytes.
        for (int i = 0; i < bytes; i++) {
          if (!bus.ram().contains(places[i], 1)) {
            throw nothingThere(address + i, AccessKind.STORE);
          }
        }
        for (int i = 0; i < bytes; i++) {
          store(address + i, 1, value >>> 8 * i);
        }
        return;
      }
      long physical = physical(address, bytes, AccessKind.STORE);
      try {
        bus.store(physical, bytes, value);
      } catch (BusFault nothing) {
        throw nothingThere(address, AccessKind.STORE);
      }
    }

    /** Not atomic: there is no other hart. */
    @Override
    public boolean compareAndSet(long address, int bytes, long expected, long value) {
      long physical = physical(address, bytes, AccessKind.STORE);
      try {
        long mask = bytes == 8 ? -1 : 0xffff_ffffL;
        boolean equal = ((bus.load(physical, bytes) ^ expected) & mask) == 0;
        if (equal) {
          bus.store(physical, bytes, value);
        }
        return equal;
      } catch (BusFault nothing) {
        throw nothingThere(address, AccessKind.STORE);
      }
    }

    @Override
    public void zeroBlock(long address) {
      throw new IllegalStateException("cbo.zero is not evaluated");
    }
  }

  @Override
  public long x(int register) {
    return user.get(register);
  }

  @Override
  public void x(int register, long value) {
    if (register != 0) {
      user.put(register, value);
    }
  }

  /** Raw bits of a float register. */
  long f(int register) {
    return user.get(StateSlot.f(register));
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long value) {
    pc = value;
  }

  @Override
  public int fcsr() {
    return user.fcsr();
  }

  @Override
  public void fcsr(int value) {
    user.fcsr(value);
  }

  @Override
  public long cycles() {
    return retired;
  }

  @Override
  public long instructions() {
    return retired;
  }

  @Override
  public void contextChanged() {}

  @Override
  public void fence(boolean allAddresses, long address, int asid) {}

  @Override
  public void interrupted() {}
}
