package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.DirectCalls;
import dev.isomorph.hostbackend.lower.ExitReason;
import dev.isomorph.hostbackend.lower.HartState;
import dev.isomorph.hostbackend.lower.JumpCache;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.Tlb;
import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.StateSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * A hardware thread: its registers, kept off-heap where emitted code finds them. While guest code
 * runs, the registers here are stale; they are current whenever {@link #run} has returned.
 */
public final class Hart implements AutoCloseable {
  private static final int FFLAGS = 0x1f;
  private static final int FRM_SHIFT = 5;
  private static final int FRM = 7;
  private static final long NO_RESERVATION = -1;

  /** Content of the poll flag when someone wants the hart to stop. */
  static final int POLLED = 1;

  /** Content of the poll flag when only the engine wants to know where the hart is. */
  static final int SAMPLED = 2;

  /** Whether its thread is in emitted code; {@link Rendezvous} looks after it. */
  volatile boolean inCode;

  /** What its thread does otherwise; who watches sees it a little late, which costs less. */
  HartActivity activity = HartActivity.OUTSIDE;

  /** The kernel's id of the thread that runs it, while somebody watches. */
  volatile int hostThread;

  /** How often this hart had entered the watched regions when they were judged last, and when. */
  final int[] entriesSeen = new int[RegisterFile.ENTRY_COUNTERS];

  long judgedAt = System.nanoTime();

  /** The code cache's evictions when the hart last came out of emitted code. */
  long evictionsSeen;

  /** Pages that were entered in its tables since somebody asked. */
  long fills;

  /** How often it has been given aliases of pages since. */
  long aliases;

  private boolean closed;
  private final Engine engine;

  /** Instructions executed, and how many are enough, if the engine counts them. */
  private long executed;

  private long enough = Long.MAX_VALUE;

  /** Whether emitted code comes back after each block anyway, and is not to be stopped in one. */
  private final boolean exact;

  /** A poll that has been requested while {@link #exact}. */
  private volatile boolean asked;

  /** Null in a process. */
  private final Mmu mmu;

  /** All that have been in use; replaced whenever there is one more. */
  private volatile List<Tlb> tlbs = List.of();

  private volatile List<JumpCache> jumpCaches;

  private final Stepper stepper;

  private final HartState state;
  private final MachineState evaluatorView = new EvaluatorView();

  /**
   * @param mmu null in a process
   * @param counters execution counters it has room for
   * @param exact as of {@link EngineOptions#exact}
   */
  Hart(Engine engine, Mmu mmu, GuestSpace space, int counters, boolean exact) {
    this.engine = engine;
    this.mmu = mmu;
    this.exact = exact;
    stepper = new Stepper(space);
    state = new HartState(space.memoryBase(), counters);
    jumpCaches = List.of(state.jumpCache());
  }

  /** Runs guest code from pc until it stops. */
  public Stop run() {
    return engine.run(this);
  }

  /**
   * On a machine: runs the one instruction at pc, even at a breakpoint.
   *
   * @return null if the guest can go on
   */
  public Stop step() {
    return engine.stepOnce(this);
  }

  /**
   * Instructions executed to their end, by an engine that {@linkplain EngineOptions#exact counts}
   * them.
   */
  public long executed() {
    return executed;
  }

  /** So many more have been executed, by emitted code or for it. */
  public void addExecuted(int instructions) {
    executed += instructions;
  }

  /** Has guest code stop with {@link Stop.Polled} when just so many have been executed. */
  public void stopAt(long instructions) {
    enough = instructions;
  }

  /** How many more are to be executed before it stops. */
  long left() {
    return enough - executed;
  }

  /** Whether it is to stop now, by {@link #stopAt} or since a poll was requested. */
  boolean isEnough() {
    return left() <= 0 || isAsked() && takePoll() == POLLED;
  }

  /**
   * Counts what has been executed of a block without branches but at its end; pc is where the guest
   * goes on, or what it has stopped before.
   */
  void addExecuted(TranslatedBlock block, ExitReason reason) {
    int count = block.instructionCount();
    if (reason != ExitReason.LINK && reason != ExitReason.LOOKUP) {
      int stoppedAt = block.indexOf(pc());
      count = stoppedAt < 0 ? count : stoppedAt;
    }
    executed += count;
  }

  /** On a machine: data accesses go by this table from now on. */
  public void use(Tlb tlb) {
    if (!tlbs.contains(tlb)) {
      List<Tlb> more = new ArrayList<>(tlbs);
      more.add(tlb);
      tlbs = List.copyOf(more);
    }
    state.field(RegisterFile.MEMORY_BASE, tlb.address());
  }

  /** On a machine: code is found by this table from now on. */
  public void use(JumpCache cache) {
    if (!jumpCaches.contains(cache)) {
      List<JumpCache> more = new ArrayList<>(jumpCaches);
      more.add(cache);
      jumpCaches = List.copyOf(more);
    }
    state.use(cache);
  }

  /**
   * On a machine: the tables in use are those of a {@link dev.isomorph.hostbackend.lower.Context};
   * emitted code may go there until contexts are forgotten.
   */
  public void inContext(int context) {
    state.inContext(context);
  }

  /** On a machine: emitted code goes to no context by itself any more. */
  public void forgetContexts() {
    state.forgetContexts();
  }

  /**
   * On a machine: an ecall in user mode traps to the supervisor there.
   *
   * @param handler 0 if it is to stop
   */
  public void callVector(long handler) {
    state.field(RegisterFile.CALL_VECTOR, engine.allowsDirectCalls() ? handler : 0);
  }

  /**
   * On a machine: its time is the host's monotonic clock, in ticks of 100 ns.
   *
   * @param offset of the machine's time, in nanoseconds
   * @return whether emitted code can read it; where it may, {@link StateSlot#TIME_RIGHTS} says
   */
  public boolean time(long offset) {
    return engine.allowsDirectCalls() && state.time(offset);
  }

  /** The tables that have been in use. */
  List<Tlb> tlbs() {
    return tlbs;
  }

  /** The tables that have been in use. */
  List<JumpCache> jumpCaches() {
    return jumpCaches;
  }

  Mmu mmu() {
    return mmu;
  }

  Stepper stepper() {
    return stepper;
  }

  /** The engine it belongs to. */
  public Engine engine() {
    return engine;
  }

  /** Integer register x{@code i}. */
  public long x(int i) {
    return i == 0 ? 0 : state.slot(StateSlot.x(i));
  }

  /** Sets integer register x{@code i}; x0 stays 0. */
  public void x(int i, long value) {
    if (i != 0) {
      state.slot(StateSlot.x(i), value);
    }
  }

  /** The raw bits of float register f{@code i}. */
  public long f(int i) {
    return state.slot(StateSlot.f(i));
  }

  /** Sets the raw bits of float register f{@code i}. */
  public void f(int i, long value) {
    state.slot(StateSlot.f(i), value);
  }

  public long pc() {
    return state.field(RegisterFile.PC);
  }

  public void pc(long pc) {
    state.field(RegisterFile.PC, pc);
  }

  /** The float control and status register: frm in bits 7–5, fflags in bits 4–0. */
  public int fcsr() {
    return (int) state.slot(StateSlot.FRM) << FRM_SHIFT | state.fflags();
  }

  /** Sets the float control and status register. */
  public void fcsr(int value) {
    state.slot(StateSlot.FRM, value >> FRM_SHIFT & FRM);
    state.fflags(value & FFLAGS);
  }

  /** Ends the reservation of a load-reserved, as traps do before they return. */
  public void endReservation() {
    state.field(RegisterFile.RESERVATION_ADDRESS, NO_RESERVATION);
  }

  /**
   * Lets emitted code make system calls without coming back, unless the engine's observer is to see
   * them.
   *
   * @param descriptors address of the host's descriptors by the guest's, as of {@link
   *     HartState#directCalls}
   * @param pointerLimit the least guest address that is no pointer
   */
  public void directCalls(DirectCalls calls, long descriptors, long pointerLimit) {
    if (engine.allowsDirectCalls()) {
      state.directCalls(calls, descriptors, pointerLimit);
    }
  }

  /** On a machine: an interrupt may be pending, or none is; may be called from any thread. */
  public void interruptPending(boolean maybe) {
    long address = state.address(RegisterFile.slot(StateSlot.PENDING));
    HostMemory.putLongVolatile(address, maybe ? StateSlot.PENDING_SIE : 0);
  }

  /** Makes guest code stop soon with {@link Stop.Polled}; may be called from any thread. */
  public void requestPoll() {
    if (exact) {
      asked = true;
    } else {
      state.poll(POLLED);
    }
  }

  /** Lets the next poll tell where the hart is, if it is in emitted code. */
  synchronized void requestSample() {
    if (!closed && inCode) {
      askWhere();
    }
  }

  /** Whether emitted code makes a system call; may be called from any thread. */
  synchronized boolean isInCall() {
    return !closed && inCode && state.isInCall();
  }

  /** Makes guest code come back, which nobody but the engine notices. */
  void askWhere() {
    state.poll(0, SAMPLED);
  }

  /** Whether the poll flag is set, for whatever reason. */
  boolean isAsked() {
    return asked || state.poll() != 0;
  }

  /** Takes back {@link #requestPoll}; {@link #POLLED} if there was one, else something else. */
  int takePoll() {
    if (asked) {
      asked = false;
      return POLLED;
    }
    return state.takePoll();
  }

  /** Host address of the poll flag, a byte, for whoever sets it without Java. */
  public long pollFlagAddress() {
    return state.address(RegisterFile.POLL);
  }

  HartState state() {
    return state;
  }

  /** The state as the evaluator reads and writes it. */
  public MachineState evaluatorView() {
    return evaluatorView;
  }

  @Override
  public void close() {
    engine.forget(this);
    synchronized (this) {
      if (!closed) {
        closed = true;
        state.close();
      }
    }
  }

  /** What the evaluator reads and writes. */
  private final class EvaluatorView implements MachineState {
    @Override
    public long get(int slot) {
      return slot == 0 ? 0 : state.slot(slot);
    }

    @Override
    public void put(int slot, long value) {
      state.slot(slot, value);
    }

    @Override
    public int fflags() {
      return state.fflags();
    }

    @Override
    public void fflags(int flags) {
      state.fflags(flags);
    }

    @Override
    public boolean reservationValid() {
      return state.field(RegisterFile.RESERVATION_ADDRESS) != NO_RESERVATION;
    }

    @Override
    public long reservationAddress() {
      return state.field(RegisterFile.RESERVATION_ADDRESS);
    }

    @Override
    public long reservationValue() {
      return state.field(RegisterFile.RESERVATION_VALUE);
    }

    @Override
    public void reserve(long address, long value) {
      state.field(RegisterFile.RESERVATION_ADDRESS, address);
      state.field(RegisterFile.RESERVATION_VALUE, value);
    }

    @Override
    public void clearReservation() {
      endReservation();
    }

    @Override
    public long counter(int csr) {
      return engine.counter(csr);
    }
  }
}
