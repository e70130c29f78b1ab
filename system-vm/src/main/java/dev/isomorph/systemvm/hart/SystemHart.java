package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.translator.ir.StateSlot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A hart of a machine: runs guest code, and does what the privileged architecture says of it. */
public final class SystemHart implements Snapshotable, AutoCloseable {
  private static final int CALL_LENGTH = 4;
  private static final int A0 = 10;
  private static final int REGISTERS = 32;
  private static final int ECALL = 0x73;

  /** The lowest bit of pc is zero, whoever sets it (IALIGN with the C extension). */
  private static final long CODE_ALIGNMENT = 2;

  private final int number;
  private final HartOwner owner;
  private final Hart hart;
  private final PrivilegedState state;
  private final PageWalker walker;
  private final Traps traps;
  private final PrivilegedInstructions instructions;
  private final VirtualMemory memory;
  private final HartRegisters registers = new Registers();

  /** The thread that runs it; null before and after. */
  private volatile Thread thread;

  private volatile boolean attentionRequested;

  /** Null unless somebody watches. */
  private HartObserver observer;

  /** At how many steps to come back; null while the hart has a thread of its own. */
  private LongSupplier until;

  private boolean waiting;

  /** Calls that were answered without a trap. */
  private long calls;

  /** Whoever pulls a wire may come when the hart is gone. */
  private final Object closing = new Object();

  private boolean closed;
  private final MachineClock clock;

  /** Whether translated code can read the time, where it may. */
  private volatile boolean tellsTime;

  /**
   * A hart after a reset.
   *
   * @param number from 0
   */
  public SystemHart(
      int number,
      Engine engine,
      PhysicalBus bus,
      CodeMemory code,
      MachineClock clock,
      HartOwner owner) {
    this.number = number;
    this.owner = owner;
    Changes changes = new Changes();
    HartCounts counts = engine.isExact() ? new InstructionCounts() : new HostTimeCounts();
    state = new PrivilegedState(number, registers, clock, counts, changes);
    walker = new PageWalker(state, bus.ram());
    traps = new Traps(state);
    instructions = new PrivilegedInstructions(state, traps, walker, bus.ram());
    memory = new VirtualMemory(state, walker, bus, code, engine.writtenFrames());
    hart = engine.newHart(memory);
    if (engine.isExact()) {
      memory.lendNothing();
    }
    this.clock = clock;
    clock.onJump(this::tellTime);
    tellTime();
  }

  /** Tells translated code how to read the time; any thread. */
  private void tellTime() {
    synchronized (closing) {
      if (!closed) {
        long offset = clock.hostOffset();
        tellsTime = offset != MachineClock.NO_OFFSET && hart.time(offset);
        if (!tellsTime) {
          hart.evaluatorView().put(StateSlot.TIME_RIGHTS, 0);
          // A hart that was about to run has perhaps given the rights since: it looks again.
          hart.requestPoll();
        }
      }
    }
  }

  /** Its number, from 0. */
  public int number() {
    return number;
  }

  /** Registers of user mode. */
  public HartRegisters registers() {
    return registers;
  }

  /** Raw bits of a float register, 0 to 31. */
  public long f(int register) {
    return hart.f(register);
  }

  /** Sets a float register. */
  public void f(int register, long bits) {
    hart.f(register, bits);
  }

  /**
   * Loads 1, 2, 4 or 8 bytes, zero-extended, as the guest would now.
   *
   * @throws dev.isomorph.translator.eval.GuestMemoryFault if it may not
   */
  public long load(long address, int bytes) {
    return memory.memory().load(address, bytes);
  }

  /** What user mode does not see. */
  public PrivilegedState state() {
    return state;
  }

  /** Has it as after a reset, to begin in machine mode, without address translation. */
  public void reset(long pc) {
    clearRegisters(pc, 0, 0);
    state.reset();
    memory.fence(true, 0, HartListener.ALL_SPACES);
  }

  /**
   * Has it as firmware starts a supervisor: nothing that the supervisor could handle itself is
   * machine mode's any more.
   */
  public void startSupervisor(long pc, long a0, long a1) {
    clearRegisters(pc, a0, a1);
    state.startSupervisor();
    memory.fence(true, 0, HartListener.ALL_SPACES);
  }

  private void clearRegisters(long pc, long a0, long a1) {
    for (int i = 0; i < REGISTERS; i++) {
      hart.x(i, 0);
      hart.f(i, 0);
    }
    hart.fcsr(0);
    hart.endReservation();
    registers.pc(pc);
    hart.x(A0, a0);
    hart.x(A0 + 1, a1);
  }

  /** Tells somebody what is executed outside of translated code; before it runs. */
  public void observe(HartObserver by) {
    observer = by;
    memory.lendNothing();
    by.observes(this, hart);
  }

  /** Traps that have been taken. */
  public Traps traps() {
    return traps;
  }

  /**
   * What it has done: instructions executed to their end, traps taken, calls answered. Only for an
   * engine that counts instructions.
   */
  public long steps() {
    return hart.executed() + traps.exceptions() + traps.interrupts() + calls;
  }

  /** Calls that have been answered without a trap. */
  public long calls() {
    return calls;
  }

  /** Runs guest code on this thread until the owner says that it is enough. */
  public void run() {
    runUntil(null);
  }

  /**
   * Runs guest code on this thread until it has done so many {@link #steps}, or has to wait for an
   * interrupt, or the owner says that it is enough.
   *
   * @param limit asked again after each change of the machine; null not to stop for either
   */
  public void runUntil(LongSupplier limit) {
    thread = Thread.currentThread();
    until = limit;
    waiting = false;
    try {
      while (owner.isRunning(this) && !isDone()) {
        if (attentionRequested) {
          attentionRequested = false;
          owner.attend(this);
          continue;
        }
        traps.interrupt();
        memory.select(hart);
        // What becomes pending from here on sets it again.
        hart.interruptPending(false);
        if (state.hasEnabledInterrupt()) {
          hart.interruptPending(true);
        }
        hart.callVector(state.callVector());
        if (until != null) {
          hart.stopAt(hart.executed() + until.getAsLong() - steps());
        }
        state.lend(hart.evaluatorView());
        hart.evaluatorView().put(StateSlot.TIME_RIGHTS, tellsTime ? state.timeRights() : 0);
        Stop stop = hart.run();
        state.takeBack(hart.evaluatorView());
        settle(stop, true);
      }
    } finally {
      thread = null;
    }
  }

  private boolean isDone() {
    return until != null && (waiting || steps() >= until.getAsLong());
  }

  /** Whether it can do nothing until an interrupt becomes pending, as {@link #runUntil} tells. */
  public boolean isWaiting() {
    return waiting && !state.hasEnabledInterrupt();
  }

  /**
   * Executes the instruction at pc, or takes the trap that it causes; on the hart's thread, outside
   * of {@link #run} or while the owner {@linkplain HartOwner#attend attends} to it. Breakpoints do
   * not count, and to wait for an interrupt is to do nothing (Debug Specification, "Single Step").
   *
   * @param interruptible whether an interrupt that is due is taken in place of the instruction
   */
  public void step(boolean interruptible) {
    if (interruptible && traps.interrupt()) {
      return;
    }
    boolean again;
    do {
      long pc = hart.pc();
      boolean floats = state.isFloatUnitDirty();
      memory.select(hart);
      state.lend(hart.evaluatorView());
      Stop stop = hart.step();
      state.takeBack(hart.evaluatorView());
      if (stop != null) {
        settle(stop, false);
      }
      // The first float instruction has only been seen to switch the float unit on.
      again =
          stop instanceof Stop.Privileged && hart.pc() == pc && !floats && state.isFloatUnitDirty();
    } while (again);
  }

  /**
   * Does what guest code has stopped for.
   *
   * @param waits whether the hart may wait for interrupts
   */
  private void settle(Stop stop, boolean waits) {
    switch (stop) {
      case Stop.Polled() -> {}
      case Stop.AtBreakpoint() -> owner.halted(this, new Halt.Breakpoint());
      case Stop.Watched() -> owner.halted(this, new Halt.Watched(memory.takeTripped()));
      case Stop.Privileged(int encoding) -> execute(encoding, waits);
      case Stop.SystemCall() -> call();
      case Stop.Breakpoint() -> traps.breakpoint();
      case Stop.IllegalInstruction(int encoding) -> traps.illegalInstruction(encoding);
      case Stop.MemoryFault(long address, Stop.Access access, int signal) ->
          traps.take(cause(access), address, hart.pc());
      case Stop.Misaligned(long address, boolean write) ->
          traps.take(
              write ? TrapCause.STORE_MISALIGNED : TrapCause.LOAD_MISALIGNED, address, hart.pc());
      case Stop.CallMade made -> throw new IllegalStateException("unexpected " + made);
    }
  }

  /** An atomic's fault is a store's, even if it is its load that has failed. */
  private TrapCause cause(Stop.Access access) {
    return switch (access) {
      case EXECUTE -> memory.fetchFault();
      case STORE ->
          switch (memory.dataFault()) {
            case LOAD_PAGE_FAULT -> TrapCause.STORE_PAGE_FAULT;
            case LOAD_ACCESS_FAULT -> TrapCause.STORE_ACCESS_FAULT;
            case TrapCause other -> other;
          };
      case LOAD, DATA -> memory.dataFault();
    };
  }

  private void call() {
    if (observer != null) {
      observer.executing(this, ECALL);
    }
    boolean answered = state.privilege() == Privilege.SUPERVISOR && owner.answers(this);
    if (answered) {
      calls++;
      hart.pc(hart.pc() + CALL_LENGTH);
    } else {
      traps.environmentCall();
    }
    if (observer != null) {
      observer.executed(this, answered);
    }
  }

  private void execute(int encoding, boolean waits) {
    if (observer != null) {
      observer.executing(this, encoding);
    }
    long exceptions = traps.exceptions();
    PrivilegedInstructions.Outcome outcome = instructions.execute(encoding);
    boolean retired =
        traps.exceptions() == exceptions && outcome != PrivilegedInstructions.Outcome.RETRY;
    if (retired) {
      hart.addExecuted(1);
    }
    if (observer != null) {
      observer.executed(this, retired);
    }
    switch (outcome) {
      case CONTINUE, RETRY -> {}
      case YIELD -> Thread.onSpinWait();
      case WAIT -> {
        if (waits) {
          awaitInterrupt();
        }
      }
    }
  }

  /**
   * Sleeps, if it has a thread of its own, until an interrupt that is enabled is pending, or
   * attention is asked for.
   */
  public void awaitInterrupt() {
    if (until != null) {
      waiting = true;
      return;
    }
    while (!state.hasEnabledInterrupt() && !attentionRequested && owner.isRunning(this)) {
      LockSupport.park(this);
    }
  }

  /** Has the owner {@linkplain HartOwner#attend asked} soon; any thread. */
  public void requestAttention() {
    attentionRequested = true;
    wake(false);
  }

  /** Has the hart come out of translated code soon, for nothing else. */
  public void requestPoll() {
    wake(false);
  }

  /**
   * Has the hart look around, wherever it is.
   *
   * @param interrupted whether an interrupt may be why
   */
  private void wake(boolean interrupted) {
    synchronized (closing) {
      if (!closed) {
        if (interrupted) {
          hart.interruptPending(true);
        }
        hart.requestPoll();
      }
    }
    LockSupport.unpark(thread);
  }

  /** From now on the owner hears of accesses to this data; while the hart stands still. */
  public void watch(List<Watchpoint> watchpoints) {
    memory.watch(watchpoints);
  }

  /**
   * Where an address of the data that the hart sees now is, whatever it may do there; nothing is
   * changed by looking. While the hart stands still.
   *
   * @return the physical address, empty if there is none
   */
  public OptionalLong locate(long address) {
    return walker.locate(address);
  }

  /** {@code fence.i}, on the hart's thread. */
  public void fenceInstructions() {
    hart.engine().synchroniseCode();
  }

  /** {@code sfence.vma}, on the hart's thread; as {@link HartListener#fence}. */
  public void fence(boolean allAddresses, long address, int asid) {
    memory.fence(allAddresses, address, asid);
  }

  @Override
  public String name() {
    return state.name();
  }

  @Override
  public int version() {
    return 1;
  }

  /** Writes the state, while it does not run; a reservation is lost, as it may be at any time. */
  @Override
  public void save(DataOutput out) throws IOException {
    for (int i = 0; i < REGISTERS; i++) {
      out.writeLong(hart.x(i));
      out.writeLong(hart.f(i));
    }
    out.writeLong(hart.pc());
    out.writeInt(hart.fcsr());
    out.writeBoolean(waiting);
    out.writeInt(state.version());
    state.save(out);
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    for (int i = 0; i < REGISTERS; i++) {
      hart.x(i, in.readLong());
      hart.f(i, in.readLong());
    }
    registers.pc(in.readLong());
    hart.fcsr(in.readInt());
    hart.endReservation();
    waiting = in.readBoolean();
    int stateVersion = in.readInt();
    if (stateVersion < 1 || stateVersion > state.version()) {
      throw new IOException(name() + ": registers of version " + stateVersion);
    }
    state.restore(in, stateVersion);
  }

  @Override
  public void close() {
    synchronized (closing) {
      closed = true;
    }
    hart.close();
    memory.close();
  }

  /** Passes on what the privileged state tells; it does so from its constructor on. */
  private final class Changes implements HartListener {
    @Override
    public void contextChanged() {
      if (memory != null) {
        memory.contextChanged();
      }
    }

    @Override
    public void fence(boolean allAddresses, long address, int asid) {
      if (memory != null) {
        memory.fence(allAddresses, address, asid);
      }
    }

    @Override
    public void interrupted() {
      if (hart != null) {
        wake(true);
      }
    }
  }

  private final class Registers implements HartRegisters {
    @Override
    public long x(int register) {
      return hart.x(register);
    }

    @Override
    public void x(int register, long value) {
      hart.x(register, value);
    }

    @Override
    public long pc() {
      return hart.pc();
    }

    @Override
    public void pc(long value) {
      hart.pc(value & -CODE_ALIGNMENT);
    }

    @Override
    public int fcsr() {
      return hart.fcsr();
    }

    @Override
    public void fcsr(int value) {
      hart.fcsr(value);
    }
  }

  /** A cycle for each instruction. */
  private final class InstructionCounts implements HartCounts {
    @Override
    public long cycles() {
      return instructions();
    }

    @Override
    public long instructions() {
      return hart == null ? 0 : hart.executed();
    }
  }

  /** Nobody counts instructions: both counters tell nanoseconds. */
  private static final class HostTimeCounts implements HartCounts {
    private final long start = System.nanoTime();

    @Override
    public long cycles() {
      return System.nanoTime() - start;
    }

    @Override
    public long instructions() {
      return cycles();
    }
  }
}
