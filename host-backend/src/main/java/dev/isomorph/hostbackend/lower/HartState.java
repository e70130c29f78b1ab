package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.Vdso;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;

/** The off-heap state of one hart: its {@link RegisterFile} and its {@link JumpCache}. */
public final class HartState implements AutoCloseable {
  private static final long NO_RESERVATION = -1;

  /**
   * Host stack that guest calls may use. Below it the thread still needs room for signal handlers;
   * threads that run guest code are made with a stack larger than this.
   */
  private static final int RETURN_STACK_BYTES = 64 << 10;

  /** How often a {@link PageStream} that goes any way may turn until the next renewal. */
  private static final int MOST_TURNS = 1 << 12;

  private static final int ANY_STREAMS = Way.ANY.end() - Way.ANY.first();
  private static final int LEAST_TURNS = 1 << 5;
  private static final int MORE_TURNS = 4;
  private static final int FEWER_TURNS = 16;

  /** Where in an int the poll flag is. */
  private static final int POLL_BYTE = 3;

  private static final int POLL_SHIFT = Byte.SIZE * POLL_BYTE;
  private static final int POLL_REST = (1 << POLL_SHIFT) - 1;

  private final long base;
  private final long size;
  private final long origin;

  /** The one that was made with the state, and is freed with it. */
  private final JumpCache ownJumpCache;

  private JumpCache jumpCache;

  /** What each stream that goes any way has been given last. */
  private final int[] turns = new int[PageStream.SETS * ANY_STREAMS];

  /**
   * State with all registers zero.
   *
   * @param memoryBase host address of guest address 0
   */
  public HartState(long memoryBase) {
    this(memoryBase, 0);
  }

  /**
   * As {@link #HartState(long)}.
   *
   * @param counters execution counters there is room for
   */
  public HartState(long memoryBase, int counters) {
    size = RegisterFile.SIZE + 8L * counters;
    base = HostMemory.allocate(size);
    origin = base + RegisterFile.ORIGIN;
    ownJumpCache = new JumpCache();
    use(ownJumpCache);
    FloatConstants.write(origin);
    field(RegisterFile.MEMORY_BASE, memoryBase);
    field(RegisterFile.RESERVATION_ADDRESS, NO_RESERVATION);
    HostMemory.putInt(address(RegisterFile.GUEST_MXCSR), Mxcsr.DEFAULT);
    HostMemory.putInt(address(RegisterFile.STREAM_SET), RegisterFile.turn(0, 0));
    Arrays.fill(turns, MOST_TURNS);
    giveTurns();
  }

  /** What rbp holds while guest code runs on this hart. */
  public long origin() {
    return origin;
  }

  /** Host address of a field. */
  public long address(int displacement) {
    return origin + displacement;
  }

  public long field(int displacement) {
    return HostMemory.getLong(origin + displacement);
  }

  public void field(int displacement, long value) {
    HostMemory.putLong(origin + displacement, value);
  }

  /** Reads a {@link StateSlot}. */
  public long slot(int slot) {
    return field(RegisterFile.slot(slot));
  }

  /** Writes a {@link StateSlot}; a new rounding mode takes effect. */
  public void slot(int slot, long value) {
    if (slot == StateSlot.FRM) {
      setRounding(value);
    }
    field(RegisterFile.slot(slot), value);
  }

  private void setRounding(long mode) {
    if (Mxcsr.isHostRounding(mode) != Mxcsr.isHostRounding(field(RegisterFile.FRM))) {
      forgetContexts();
    }
    long mxcsr = address(RegisterFile.GUEST_MXCSR);
    HostMemory.putInt(mxcsr, Mxcsr.withRounding(HostMemory.getInt(mxcsr), (int) mode));
    // Translations for modes that the host has are wrong for the others.
    jumpCache.serve(Mxcsr.isHostRounding(mode));
  }

  /** After a fault, or a stop in the middle of a region: brings the guest registers up to date. */
  public void takeOver(GuestState state) {
    state.restore(origin);
  }

  /** The accrued exception flags. */
  public int fflags() {
    return Mxcsr.toFflags(HostMemory.getInt(address(RegisterFile.GUEST_MXCSR)));
  }

  /** Sets the accrued exception flags. */
  public void fflags(int flags) {
    long mxcsr = address(RegisterFile.GUEST_MXCSR);
    HostMemory.putInt(mxcsr, HostMemory.getInt(mxcsr) & ~Mxcsr.FLAGS | Mxcsr.fromFflags(flags));
  }

  /**
   * Lets emitted code make system calls.
   *
   * @param descriptors address of the host's descriptors by the guest's, {@link
   *     DirectCalls#DESCRIPTORS} ints, which may change at any time
   * @param pointerLimit the least guest address that is no pointer; the host has nothing mapped in
   *     the 4 GiB from there on
   */
  public void directCalls(DirectCalls calls, long descriptors, long pointerLimit) {
    field(RegisterFile.CALL_WINDOW, HostCalls.window().first());
    field(RegisterFile.DESCRIPTORS, descriptors);
    field(RegisterFile.POINTER_LIMIT, pointerLimit);
    field(RegisterFile.DIRECT_CALLS, calls.address());
  }

  /** What the poll flag holds: 0, or what somebody has put there to make guest code stop. */
  public int poll() {
    return HostMemory.getByteVolatile(address(RegisterFile.POLL));
  }

  /** Sets the poll flag, whatever it was. */
  public void poll(int reason) {
    HostMemory.putByteVolatile(address(RegisterFile.POLL), (byte) reason);
  }

  /**
   * Sets the poll flag if it is as expected; it may also fail when emitted code is entered or
   * somebody else sets it meanwhile.
   */
  public boolean poll(int expected, int reason) {
    // The flag is the highest byte of an int: there are no such operations on bytes.
    long word = address(RegisterFile.POLL) - POLL_BYTE;
    int before = HostMemory.getIntVolatile(word);
    return before >>> POLL_SHIFT == expected
        && HostMemory.compareAndSetInt(word, before, before & POLL_REST | reason << POLL_SHIFT);
  }

  /** Clears the poll flag; returns what was there. */
  public int takePoll() {
    int before = poll();
    while (before != 0 && !poll(before, 0)) {
      before = poll();
    }
    return before;
  }

  /** Whether emitted code is in a system call, from which it comes back to Java if polled. */
  public boolean isInCall() {
    return HostMemory.getIntVolatile(address(RegisterFile.IN_CALL)) != 0;
  }

  /** The hart is back in Java. */
  public void endCall() {
    HostMemory.putInt(address(RegisterFile.IN_CALL), 0);
  }

  /** Code is found by this table from now on. */
  public void use(JumpCache cache) {
    jumpCache = cache;
    cache.serve(Mxcsr.isHostRounding(slot(StateSlot.FRM)));
    field(RegisterFile.JUMP_CACHE, cache.address());
  }

  /**
   * On a machine: the tables in use are those of a {@link Context}, where emitted code finds them
   * until they are forgotten.
   */
  public void inContext(int context) {
    field(Context.tlb(context), field(RegisterFile.MEMORY_BASE));
    field(Context.jumpCache(context), jumpCache.address());
  }

  /** Emitted code has to ask for the tables of each context. */
  public void forgetContexts() {
    for (int context = 0; context < Context.COUNT; context++) {
      field(Context.tlb(context), 0);
    }
  }

  /**
   * On a machine: its time is the host's monotonic clock, in ticks of 100 ns.
   *
   * @param offset of the machine's time, in nanoseconds; any thread may change it
   * @return whether emitted code can read it
   */
  public boolean time(long offset) {
    if (field(RegisterFile.CLOCK_FUNCTION) == 0) {
      field(RegisterFile.CLOCK_FUNCTION, Vdso.function(ClockCode.FUNCTION));
    }
    HostMemory.putLongVolatile(address(RegisterFile.CLOCK_OFFSET), offset);
    return field(RegisterFile.CLOCK_FUNCTION) != 0;
  }

  /**
   * Gives each {@link PageStream} that goes any way a number of times that it may turn: more than
   * the last one if that was enough, else fewer. So one that is seldom in the page it was in last
   * soon costs little, but gets its chance when the guest does something else.
   */
  public void renewTurns() {
    for (int i = 0; i < turns.length; i++) {
      boolean wereEnough = HostMemory.getInt(turnsLeft(i)) > 0;
      int more = Math.min(turns[i] * MORE_TURNS, MOST_TURNS);
      turns[i] = wereEnough ? more : Math.max(turns[i] / FEWER_TURNS, LEAST_TURNS);
    }
    giveTurns();
  }

  private void giveTurns() {
    for (int i = 0; i < turns.length; i++) {
      HostMemory.putInt(turnsLeft(i), turns[i]);
    }
  }

  /** Host address of how often a stream may turn that {@link #turns} has. */
  private long turnsLeft(int index) {
    int stream = Way.ANY.first() + index % ANY_STREAMS;
    return address(RegisterFile.turnsLeft(index / ANY_STREAMS, stream));
  }

  /** The table in use. */
  public JumpCache jumpCache() {
    return jumpCache;
  }

  /** Bytes of host stack the return stack may take. */
  static int returnStackBytes() {
    return RETURN_STACK_BYTES;
  }

  @Override
  public void close() {
    HostMemory.free(base, size);
    ownJumpCache.close();
  }
}
