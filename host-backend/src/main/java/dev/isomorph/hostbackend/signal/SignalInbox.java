package dev.isomorph.hostbackend.signal;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/**
 * Signals that other processes, the terminal and timers send to this process, for the guest to
 * take.
 *
 * <p>The kernel delivers a signal for the process to any thread, the JVM's own included. An emitted
 * handler ({@link InboxHandlerCode}) queues it with its siginfo, sets the poll flag, and gets the
 * guest's thread out of a blocking {@link HostCalls#interruptibleSyscall}. Handlers are installed
 * with SA_RESTART, so no system call of the JVM notices.
 *
 * <p>To lose nothing, the guest's thread clears the poll flag with {@link
 * HostMemory#putByteVolatile} and then calls {@link #take} until it gives 0; and it makes system
 * calls that may block through {@code interruptibleSyscall} with that flag.
 *
 * <p>The JVM has handlers of its own: for SIGSEGV, SIGBUS, SIGFPE and SIGILL; for SIGPIPE and
 * SIGXFSZ, which it drops; for SIGUSR2 (or what the environment variable {@code _JAVA_SR_SIGNUM}
 * says), by which it suspends a thread for the flight recorder; and, unless started with {@code
 * -Xrs}, for SIGHUP, SIGINT, SIGTERM and SIGQUIT. Catching such a signal takes what was sent from
 * outside and leaves the JVM what it raised itself; so no signal is ever given back before the
 * inbox is closed.
 *
 * <p>One inbox can be open at a time. Unless said otherwise, its methods are for the guest's
 * thread.
 */
public final class SignalInbox implements AutoCloseable {
  private static final int SIG_SETMASK = 2;
  private static final int EAGAIN = 11;

  /** SIGALRM, SIGVTALRM and SIGPROF, by the interval timer that sends them (setitimer(2)). */
  private static final int[] TIMER_SIGNALS = {14, 26, 27};

  /** Bytes of a struct itimerval. */
  private static final int ITIMERVAL = 32;

  private static boolean occupied;

  // Made once and kept: a handler may be running on some thread at any time.
  private static long inbox;
  private static long handler;
  private static int kickSignal;

  /** What was in force before the inbox changed it, by signal number. */
  private final SignalAction[] original = new SignalAction[Signals.SIGRTMAX + 1];

  private final long siginfo = HostMemory.allocate(SignalFrame.SIGINFO);
  private long ignoredAtStart;

  /** Signals that came while the queue was full and are not taken yet. */
  private long overflowed;

  private boolean closed;

  private SignalInbox() {}

  /**
   * Opens the inbox; no signal is caught yet.
   *
   * @param pollFlag address of the byte that is set to 1 whenever there may be something to take
   * @throws IllegalStateException if one is open, or no real-time signal is left to break system
   *     calls with
   */
  public static synchronized SignalInbox open(long pollFlag) {
    if (occupied) {
      throw new IllegalStateException("a signal inbox is open already");
    }
    prepare();
    SignalInbox opened = new SignalInbox();
    opened.examineActions();
    opened.discardOldEntries();
    HostMemory.putLongVolatile(inbox + InboxLayout.POLL_FLAG, pollFlag);
    occupied = true;
    return opened;
  }

  private static void prepare() {
    if (inbox != 0) {
      return;
    }
    int kick = Signals.unused();
    long structure = HostMemory.allocate(InboxLayout.SIZE);
    HostMemory.putLong(structure + InboxLayout.POLL_FLAG, structure + InboxLayout.NO_POLL_FLAG);
    HostMemory.putInt(structure + InboxLayout.PROCESS, (int) call(HostLinux.GETPID, 0, 0, 0));
    HostMemory.putInt(structure + InboxLayout.KICK, kick);
    InboxHandlerCode.Assembled assembled = InboxHandlerCode.assemble(structure);
    byte[] code = assembled.code();
    ExecutableMemory memory = new ExecutableMemory(code.length);
    memory.copyIn(code, 0, 0, code.length);
    HostMemory.putLong(
        structure + InboxLayout.PREVIOUS + 8L * kick, memory.rx(assembled.kickOffset()));
    handler = memory.rx(0);
    kickSignal = kick;
    inbox = structure;
    handlerAction().install(kick);
  }

  /** With all signals blocked meanwhile, so that handlers do not nest. */
  private static SignalAction handlerAction() {
    return new SignalAction(0, SignalAction.SA_RESTART, 0, -1).withHandler(handler);
  }

  private void examineActions() {
    for (int signo = 1; signo <= Signals.SIGRTMAX; signo++) {
      if (Signals.isCatchable(signo)
          && signo != kickSignal
          && SignalAction.of(signo).handler() == SignalAction.IGNORE) {
        ignoredAtStart |= Signals.setOf(signo);
      }
    }
  }

  private void discardOldEntries() {
    int signo;
    do {
      signo = take();
    } while (signo != 0);
  }

  /**
   * Returns the set of signals that were ignored when the inbox was opened, as an exec'd program
   * inherits it; bit {@code signo - 1} for each. Of what the JVM handles it cannot tell.
   */
  public long ignoredAtStart() {
    return ignoredAtStart;
  }

  /**
   * Sets another flag from now on. Once this returns, the former is not touched any more.
   *
   * @param pollFlag address of the byte that is set to 1 whenever there may be something to take
   */
  public void pollFlag(long pollFlag) {
    HostMemory.putByteVolatile(pollFlag, (byte) 1);
    HostMemory.putLongVolatile(inbox + InboxLayout.POLL_FLAG, pollFlag);
    while (HostMemory.getIntVolatile(inbox + InboxLayout.ACTIVE) != 0) {
      Thread.onSpinWait();
    }
  }

  /**
   * Makes the current thread the one that is interrupted by signals, and unblocks all of them in
   * it.
   *
   * @return the set of signals it had blocked until now, as an exec'd program inherits it
   */
  public long registerCurrentThread() {
    HostMemory.putIntVolatile(inbox + InboxLayout.THREAD, (int) call(HostLinux.GETTID, 0, 0, 0));
    HostMemory.putLong(siginfo, 0);
    HostCalls.check(
        HostCalls.syscall(
            HostLinux.RT_SIGPROCMASK,
            SIG_SETMASK,
            siginfo,
            siginfo + Long.BYTES,
            SignalAction.SIGSET_SIZE,
            0,
            0),
        "setting the mask of signals");
    return HostMemory.getLong(siginfo + Long.BYTES);
  }

  /**
   * From now on queues a signal.
   *
   * @throws IllegalArgumentException for a number that no program can catch
   */
  public void catchSignal(int signo) {
    if (signo == kickSignal || PcProbe.isTaken(signo)) {
      return;
    }
    if (!Signals.isCatchable(signo)) {
      throw new IllegalArgumentException("signal " + signo + " cannot be caught");
    }
    SignalAction current = SignalAction.of(signo);
    if (original[signo] == null) {
      original[signo] = current;
    }
    if (current.isFunction() && current.handler() != handler) {
      HostMemory.putLongVolatile(inbox + InboxLayout.PREVIOUS + 8L * signo, current.handler());
    }
    handlerAction().install(signo);
  }

  /**
   * Takes the oldest signal from the queue. Its siginfo is at {@link #siginfo}.
   *
   * @return its number, or 0 if there is none
   */
  public int take() {
    int head = HostMemory.getInt(inbox + InboxLayout.HEAD);
    long entry =
        inbox + InboxLayout.QUEUE + (long) (head & InboxLayout.CAPACITY - 1) * SignalFrame.SIGINFO;
    int signo = HostMemory.getIntVolatile(entry + SignalFrame.SI_SIGNO);
    if (signo == 0) {
      return takeOverflowed();
    }
    HostMemory.copy(entry, siginfo, SignalFrame.SIGINFO);
    HostMemory.putIntVolatile(entry + SignalFrame.SI_SIGNO, 0);
    HostMemory.putIntVolatile(inbox + InboxLayout.HEAD, head + 1);
    return signo;
  }

  /**
   * Like the kernel when its own queue is full (signal(7), "Queueing and delivery semantics"), this
   * knows that the signal came, but not how often nor from whom.
   */
  private int takeOverflowed() {
    overflowed |= HostMemory.getAndSetLong(inbox + InboxLayout.OVERFLOW, 0);
    if (overflowed == 0) {
      return 0;
    }
    int signo = Long.numberOfTrailingZeros(overflowed) + 1;
    overflowed &= overflowed - 1;
    HostMemory.fill(siginfo, SignalFrame.SIGINFO, (byte) 0);
    HostMemory.putInt(siginfo + SignalFrame.SI_SIGNO, signo);
    return signo;
  }

  /** Returns the address of the siginfo_t (128 bytes) of the signal taken last. */
  public long siginfo() {
    return siginfo;
  }

  /**
   * Sets the poll flag and gets the registered thread out of an interruptible system call; to be
   * called from any thread.
   */
  public void kick() {
    synchronized (SignalInbox.class) {
      HostMemory.putByteVolatile(HostMemory.getLong(inbox + InboxLayout.POLL_FLAG), (byte) 1);
      int thread = HostMemory.getIntVolatile(inbox + InboxLayout.THREAD);
      if (thread != 0) {
        kick(thread);
      }
    }
  }

  /**
   * Gets a thread out of an interruptible system call, provided that the flag it made the call with
   * has been set; to be called from any thread.
   *
   * @param thread the kernel's id of a thread of this process that does not block {@link
   *     #kickSignal}; where there is no such thread, nothing happens
   */
  public void kick(int thread) {
    int process = HostMemory.getInt(inbox + InboxLayout.PROCESS);
    // EAGAIN: the user's share of queued signals is used up for the moment.
    while (call(HostLinux.TGKILL, process, thread, kickSignal) == -EAGAIN) {
      Thread.onSpinWait();
    }
  }

  /** Returns the signal by which {@link #kick} works; it is never at its default action. */
  public int kickSignal() {
    return kickSignal;
  }

  /**
   * Restores the actions of all signals, but for the kick, which may still be under way. Interval
   * timers whose signals have been caught are stopped: that would end the process otherwise. Once
   * this returns, the poll flag is not touched any more.
   */
  @Override
  public void close() {
    synchronized (SignalInbox.class) {
      if (closed) {
        return;
      }
      closed = true;
      stopTimers();
      for (int signo = 1; signo <= Signals.SIGRTMAX; signo++) {
        if (original[signo] != null && isStillOurs(SignalAction.of(signo))) {
          original[signo].install(signo);
        }
      }
      HostMemory.putIntVolatile(inbox + InboxLayout.THREAD, 0);
      HostMemory.putLongVolatile(inbox + InboxLayout.POLL_FLAG, inbox + InboxLayout.NO_POLL_FLAG);
      while (HostMemory.getIntVolatile(inbox + InboxLayout.ACTIVE) != 0) {
        Thread.onSpinWait();
      }
      HostMemory.free(siginfo, SignalFrame.SIGINFO);
      occupied = false;
    }
  }

  private void stopTimers() {
    long none = HostMemory.allocate(ITIMERVAL);
    HostMemory.fill(none, ITIMERVAL, (byte) 0);
    for (int timer = 0; timer < TIMER_SIGNALS.length; timer++) {
      int signo = TIMER_SIGNALS[timer];
      if (original[signo] != null && isStillOurs(SignalAction.of(signo))) {
        call(HostLinux.SETITIMER, timer, none, 0);
        // Takes back one that is pending.
        SignalAction.TO_IGNORE.install(signo);
      }
    }
    HostMemory.free(none, ITIMERVAL);
  }

  /** Someone else may have chained a handler to ours. */
  private static boolean isStillOurs(SignalAction action) {
    return !action.isFunction() || action.handler() == handler;
  }

  private static long call(int number, long a, long b, long c) {
    return HostCalls.syscall(number, a, b, c, 0, 0, 0);
  }
}
