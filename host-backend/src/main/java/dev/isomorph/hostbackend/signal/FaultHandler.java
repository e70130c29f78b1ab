package dev.isomorph.hostbackend.signal;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;

/**
 * Turns a fault of emitted code (SIGSEGV, SIGBUS, SIGFPE, SIGILL) into a jump to an exit stub.
 *
 * <p>The handlers are emitted code themselves, see {@link FaultHandlerCode}. A fault elsewhere, and
 * a signal that was sent rather than caused, goes on to the handler that was there before, which is
 * the JVM's. Safe to use from any thread.
 */
public final class FaultHandler implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static long table;

  private long range;

  private FaultHandler(long range) {
    this.range = range;
  }

  /**
   * Catches faults of instructions in [codeBase, codeBase + codeSize).
   *
   * <p>Code there runs with rbp pointing at a register file. When it faults, the fault is written
   * to the slots and the thread goes on at {@code exitStub} with all other registers as they were,
   * rsp included.
   *
   * @return to be closed when no thread can be executing there any more
   * @throws IllegalStateException if too many ranges are watched already
   */
  public static FaultHandler install(
      long codeBase, long codeSize, long exitStub, FaultSlots slots) {
    synchronized (LOCK) {
      return new FaultHandler(FaultTable.add(table(), codeBase, codeSize, exitStub, slots));
    }
  }

  /** The table, with handlers that read it. */
  private static long table() {
    if (table == 0) {
      table = HostMemory.allocate(FaultTable.SIZE);
      installHandlers();
    }
    return table;
  }

  /**
   * Has accesses by Java to memory that others may unmap, or take rights from, end with an {@link
   * InternalError} if they fault, as those to a mapped file do that has become shorter. The error
   * may come a little later than the access, by the next {@linkplain HostCalls#settle call of the
   * host} at the latest; what has been loaded is anything.
   *
   * @return what to give {@link #forget} when nobody accesses the memory any more; 0 if there is no
   *     room for it among that of others, whose faults kill the JVM then
   */
  public static long tolerate(long base, long size) {
    synchronized (LOCK) {
      return FaultTable.addMemory(table(), base, size);
    }
  }

  /** Takes back {@link #tolerate}. */
  public static void forget(long tolerated) {
    if (tolerated != 0) {
      synchronized (LOCK) {
        FaultTable.remove(tolerated);
      }
    }
  }

  /** For good: other code may have chained its handlers to these meanwhile. */
  private static void installHandlers() {
    byte[] code = FaultHandlerCode.assemble(table);
    ExecutableMemory memory = new ExecutableMemory(code.length);
    memory.copyIn(code, 0, 0, code.length);
    for (int signo : Signals.faults()) {
      SignalAction previous = SignalAction.of(signo);
      FaultTable.setPrevious(table, signo, previous.handler());
      previous.withHandler(memory.rx(0)).install(signo);
    }
  }

  /** Stops watching the range. */
  @Override
  public void close() {
    synchronized (LOCK) {
      if (range != 0) {
        FaultTable.remove(range);
        range = 0;
      }
    }
  }
}
