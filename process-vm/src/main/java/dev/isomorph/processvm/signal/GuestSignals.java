package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.signal.HostProcess;
import dev.isomorph.processvm.memory.AddressSpace;

/**
 * The signal state of a guest thread, and the delivery of signals to it and to its process, as
 * Linux does both (signal(7), kernel/signal.c, arch/riscv/kernel/signal.c).
 *
 * <p>Unless said otherwise, methods are for the thread itself.
 */
public final class GuestSignals {
  /** What came of looking for a signal to deliver. */
  public enum Delivery {
    /** There was none, or none that the guest notices. */
    NOTHING,
    /** A handler runs next; the registers are those at its entry. */
    HANDLER,
    /** The process is dead, of {@link #fatal()}. */
    DEATH,
    /** A signal has stopped the process: the thread is to {@link #awaitContinue}. */
    STOP,
    /** Another thread is ending this one. */
    ENDED
  }

  private final HandlerFrames frames;
  private final SharedSignals shared;

  /** {@link Alarm#NONE} once the thread has ended. */
  private Alarm alarm;

  /** Signals sent to this very thread. */
  private final PendingSignals pending = new PendingSignals();

  private SignalWatcher watcher = SignalWatcher.NONE;
  private long blocked;

  /** Signals the thread waits for in sigtimedwait(2). They do not act, but it is their receiver. */
  private long awaited;

  private long savedMask;
  private boolean hasSavedMask;

  /** Whether the thread is to look at what waits for the process, and not leave it to another. */
  private boolean summoned = true;

  /**
   * Whether nothing is left to be delivered, as long as the alarm is not raised. Other threads
   * raise that when they change it.
   */
  private boolean settled;

  private SignalInfo fatal;

  /** The signal that has stopped the process. */
  private int stopSignal;

  /**
   * Makes the state of a new process with one thread.
   *
   * @param trampoline guest address of code that calls rt_sigreturn
   * @param alarm tells the thread to look for signals
   */
  public GuestSignals(AddressSpace memory, HostSignals host, long trampoline, Alarm alarm) {
    this(
        new HandlerFrames(memory, trampoline, AlternateStack.NONE), new SharedSignals(host), alarm);
  }

  /** Makes the state of a process that nobody but its own thread sends signals. */
  public GuestSignals(AddressSpace memory, HostSignals host, long trampoline) {
    this(memory, host, trampoline, Alarm.NONE);
  }

  private GuestSignals(HandlerFrames frames, SharedSignals shared, Alarm alarm) {
    this.frames = frames;
    this.shared = shared;
    this.alarm = alarm;
    synchronized (shared) {
      shared.threads.add(this);
    }
  }

  /** Makes the state of a new thread of the same process, with the mask of this one. */
  public GuestSignals newThread(Alarm itsAlarm) {
    synchronized (shared) {
      GuestSignals thread = new GuestSignals(frames.newThread(), shared, itsAlarm);
      thread.blocked = blocked;
      if (shared.ender != null || shared.stopped) {
        itsAlarm.raise(); // It came too late to be told with the others.
      }
      return thread;
    }
  }

  /**
   * Makes the state of the one thread of a new process, which inherits the actions, the mask and
   * the alternate stack, but nothing that waits (fork(2)).
   *
   * @param itsMemory the memory of the new process
   * @param host what arrives at the host for the new process
   */
  public GuestSignals newProcess(AddressSpace itsMemory, HostSignals host, Alarm itsAlarm) {
    synchronized (shared) {
      GuestSignals thread =
          new GuestSignals(frames.newProcess(itsMemory), new SharedSignals(shared, host), itsAlarm);
      thread.blocked = blocked;
      return thread;
    }
  }

  /**
   * Makes the state that replaces this one when the process, of which it is the only thread, runs
   * another program: handlers and the alternate stack are gone, the mask and what waits is not
   * (execve(2)).
   */
  public GuestSignals newProgram(AddressSpace itsMemory, long itsTrampoline, Alarm itsAlarm) {
    synchronized (shared) {
      GuestSignals thread =
          new GuestSignals(
              new HandlerFrames(itsMemory, itsTrampoline, AlternateStack.NONE), shared, itsAlarm);
      thread.blocked = blocked;
      thread.pending.addAll(pending);
      shared.threads.remove(this);
      alarm = Alarm.NONE;
      shared.dropHandlers();
      shared.ender = null;
      itsAlarm.raise(); // What has arrived since the last look is to be seen, calls or no calls.
      return thread;
    }
  }

  /**
   * Makes all other threads of the process end: whatever they are at, they stop it soon.
   *
   * @return false if another thread was first, so that this one is to end
   */
  public boolean endOthers() {
    synchronized (shared) {
      if (shared.ender != null && shared.ender != this) {
        return false;
      }
      shared.ender = this;
      shared.stopped = false;
      shared.notifyAll();
      for (int i = 0; i < shared.threads.size(); i++) {
        shared.threads.get(i).summon(this);
      }
      return true;
    }
  }

  /** Whether another thread is ending this one. */
  public boolean isEnding() {
    synchronized (shared) {
      return mustEnd();
    }
  }

  private boolean mustEnd() {
    return shared.ender != null && shared.ender != this;
  }

  /** Gets the thread out of a blocking call to see what has changed; for any thread. */
  public void wake() {
    synchronized (shared) {
      alarm.raise();
    }
  }

  /** The thread ends: what waits for the process goes to the others, what waits for it is lost. */
  public void end() {
    synchronized (shared) {
      shared.threads.remove(this);
      alarm = Alarm.NONE;
      shared.passOn(-1, this);
    }
  }

  /** Tells {@code watcher} of each signal as it is delivered. */
  public void watch(SignalWatcher watcher) {
    this.watcher = watcher;
  }

  // ---- State ----

  /** What the process does about {@code signal}. */
  public SignalAction action(int signal) {
    synchronized (shared) {
      return shared.action(signal);
    }
  }

  /** sigaction(2); forgets pending signals that are ignored from now on. */
  public void action(int signal, SignalAction action) {
    synchronized (shared) {
      shared.setAction(signal, action);
      if (action.ignores(signal)) {
        shared.takeBack();
        shared.discard(Signal.bit(signal));
        shared.handOver();
      }
      if (action.handler() != SignalAction.DEFAULT) {
        shared.host.listen(signal);
      }
    }
  }

  public long blocked() {
    return blocked;
  }

  /** Sets the mask of blocked signals; SIGKILL and SIGSTOP stay out of it. */
  public void blocked(long mask) {
    synchronized (shared) {
      long added = mask & ~blocked & ~Signal.UNBLOCKABLE;
      boolean takes = shared.isTakers(blocked & ~mask);
      setMask(mask & ~Signal.UNBLOCKABLE);
      if (takes) {
        shared.takeBack();
        shared.handOver();
      }
      for (long rest = added; rest != 0; rest &= rest - 1) {
        shared.host.listen(Long.numberOfTrailingZeros(rest) + 1);
      }
      shared.passOn(added, this);
    }
  }

  private void setMask(long mask) {
    blocked = mask;
    summoned = true;
    settled = false;
  }

  /** Signals that are blocked and wait (sigpending(2)). */
  public long pending() {
    synchronized (shared) {
      collect();
      shared.takeBack();
      long waiting = (pending.set() | shared.pending.set()) & blocked;
      shared.handOver();
      return waiting;
    }
  }

  /** The frames of the thread's handlers. */
  public HandlerFrames frames() {
    return frames;
  }

  /**
   * Puts another mask in force until the current system call is over (sigsuspend(2), ppoll(2)). If
   * a handler runs then, the mask of before comes back when it returns.
   */
  public void suspendMask(long mask) {
    if (!hasSavedMask) {
      savedMask = blocked;
      hasSavedMask = true;
    }
    blocked(mask);
  }

  /** Ends {@link #suspendMask} before any handler could run. */
  public void resumeMask() {
    if (hasSavedMask) {
      hasSavedMask = false;
      blocked(savedMask);
    }
  }

  /** The signal that ended the process, null while it lives. */
  public SignalInfo fatal() {
    return fatal;
  }

  // ---- Sending ----

  /**
   * Lets {@code taker} have signals that every thread blocks, until somebody asks for what waits.
   * To be said again when it wants others.
   */
  public void blockedTo(SignalTaker taker) {
    synchronized (shared) {
      shared.takeBack();
      shared.taker = taker;
      long wanted = taker.wanted() & blocked;
      for (SignalInfo own = pending.take(wanted); own != null; own = pending.take(wanted)) {
        shared.pending.add(own);
      }
      shared.handOver();
    }
  }

  /**
   * Sends this thread's process a signal; one that is ignored and not blocked vanishes at once.
   * Only a thread of the process may call it, of its own state.
   */
  public void send(SignalInfo info) {
    send(info, this);
  }

  /** Sends the process a signal from a thread of another. */
  public void sendFromOutside(SignalInfo info) {
    send(info, null);
  }

  private void send(SignalInfo info, GuestSignals sender) {
    synchronized (shared) {
      int signal = info.signal();
      long bit = Signal.bit(signal);
      shared.cancelOpposite(signal);
      GuestSignals receiver = shared.receiver(bit);
      if (receiver != null) {
        if (!receiver.drops(signal)) {
          shared.pending.add(info);
          receiver.summon(sender);
        }
      } else if (!shared.isTakers(bit)) {
        shared.pending.add(info);
      } else if (sender == null) {
        shared.pending.add(info);
        alarm.raise(); // To hand it over.
      } else {
        shared.takeBack(); // One that waits already is not to be there twice.
        shared.pending.add(info);
        shared.handOver();
      }
    }
  }

  /**
   * Sends a signal to this very thread; {@code sender} is the state of the calling one.
   *
   * @return false if the thread has ended
   */
  public boolean sendToThread(SignalInfo info, GuestSignals sender) {
    synchronized (shared) {
      if (!shared.threads.contains(this)) {
        return false;
      }
      int signal = info.signal();
      shared.cancelOpposite(signal);
      boolean wanted = wants(Signal.bit(signal));
      if (wanted && drops(signal) || !wanted && shared.taker != null && shared.taker.take(info)) {
        return true;
      }
      pending.add(info);
      if (wanted) {
        summon(sender);
      }
      return true;
    }
  }

  /** Whether the thread receives a signal: it does not block it, or waits for it. */
  boolean wants(long bit) {
    return (blocked & ~awaited & bit) == 0;
  }

  /** Whether a signal has no effect on the thread. */
  private boolean drops(int signal) {
    return ((blocked | awaited) & Signal.bit(signal)) == 0 && shared.ignores(signal);
  }

  /** Makes the thread look for signals; {@code caller} is the state of the calling one. */
  void summon(GuestSignals caller) {
    summoned = true;
    settled = false;
    if (this != caller) {
      alarm.raise();
    }
  }

  void discardOwn(long set) {
    pending.discard(set);
  }

  /**
   * Sends a signal that an instruction caused: it cannot wait, so if it is blocked or ignored the
   * process dies of it.
   */
  public void force(SignalInfo info) {
    synchronized (shared) {
      int signal = info.signal();
      long bit = Signal.bit(signal);
      if ((blocked & bit) != 0 || shared.action(signal).handler() == SignalAction.IGNORE) {
        shared.setAction(signal, SignalAction.INITIAL);
        setMask(blocked & ~bit);
      }
      pending.discard(bit);
      pending.add(info);
      settled = false;
    }
  }

  /** Takes over what has arrived at the host. */
  private void collect() {
    settled = false;
    alarm.lower();
    for (SignalInfo info = shared.host.take(); info != null; info = shared.host.take()) {
      send(info);
    }
    shared.handOver();
  }

  /** Passes on what has arrived at the host; for a thread that is none of the process any more. */
  public void relay() {
    synchronized (shared) {
      for (SignalInfo info = shared.host.take(); info != null; info = shared.host.take()) {
        sendFromOutside(info);
      }
    }
  }

  /** Whether some signal waits that is not blocked, so that a blocking call must end. */
  public boolean interrupted() {
    synchronized (shared) {
      collect();
      long waiting = pending.set() | (summoned ? shared.pending.set() : 0);
      boolean any = (waiting & ~(blocked | awaited)) != 0;
      summoned = any;
      return any || shared.stopped || mustEnd();
    }
  }

  /** Sets the signals that {@link #accept} is about to be called for; 0 when it is over. */
  public void await(long wanted) {
    synchronized (shared) {
      awaited = wanted;
      summoned = true;
      settled = false;
    }
  }

  /** Removes and returns a waiting signal of {@code wanted}, blocked or not; null if none waits. */
  public SignalInfo accept(long wanted) {
    synchronized (shared) {
      collect();
      shared.takeBack();
      SignalInfo own = pending.take(wanted & ~Signal.UNBLOCKABLE);
      SignalInfo found = own != null ? own : shared.pending.take(wanted & ~Signal.UNBLOCKABLE);
      shared.handOver();
      return found;
    }
  }

  // ---- Delivery ----

  /** Guest code has stopped for the alarm and lowered it; on the thread itself. */
  public void alarmSeen() {
    settled = false;
  }

  /**
   * Delivers what waits and is not blocked.
   *
   * @param call what the system call the thread comes from wants done with it before a handler runs
   *     or when none does; its {@link InterruptedCall#NONE} outside of calls
   */
  public Delivery deliver(GuestRegisters registers, InterruptedCall call) {
    if (settled && call == InterruptedCall.NONE && !hasSavedMask && !alarm.mayBeRaised()) {
      return Delivery.NOTHING;
    }
    synchronized (shared) {
      collect();
      if (mustEnd()) {
        return Delivery.ENDED;
      }
      if (shared.stopped) {
        return Delivery.STOP;
      }
      InterruptedCall from = call;
      boolean handler = false;
      for (SignalInfo info = next(); info != null; info = next()) {
        SignalAction action = shared.action(info.signal());
        if (action.ignores(info.signal())) {
          continue;
        }
        watcher.delivered(info);
        if (action.handler() == SignalAction.DEFAULT) {
          if (Signal.defaultAction(info.signal()) == Signal.DefaultAction.STOP) {
            if (shared.host.stopsWithHost()) {
              HostProcess.stopBySignal(info.signal());
              continue;
            }
            stop(info.signal());
            if (handler) {
              break; // The thread stops at its next look, before the handler runs.
            }
            return Delivery.STOP;
          }
          fatal = info;
          return Delivery.DEATH;
        }
        from.handled(registers, action);
        from = InterruptedCall.NONE;
        handler = true;
        enter(registers, info, action);
      }
      summoned = false;
      settled = !shared.stopped;
      if (!handler) {
        from.notHandled(registers);
        resumeMask();
      }
      return handler ? Delivery.HANDLER : Delivery.NOTHING;
    }
  }

  private void stop(int signal) {
    shared.stopped = true;
    shared.continued = false;
    stopSignal = signal;
    for (int i = 0; i < shared.threads.size(); i++) {
      shared.threads.get(i).summon(null);
    }
  }

  /** The signal by which this thread has stopped the process; 0 if it was none or told before. */
  public int takeStopSignal() {
    synchronized (shared) {
      int signal = stopSignal;
      stopSignal = 0;
      return signal;
    }
  }

  /**
   * Waits until the process, which a signal has stopped, is continued or killed.
   *
   * @return whether it was continued
   */
  public boolean awaitContinue() {
    synchronized (shared) {
      while (shared.stopped && !mustEnd()) {
        try {
          shared.wait();
        } catch (InterruptedException e) {
          // Nobody interrupts threads that run guest code; the condition is tested again.
        }
      }
      return shared.continued && !mustEnd();
    }
  }

  /** Removes and returns the next signal to deliver: the thread's own come first. */
  private SignalInfo next() {
    SignalInfo own = pending.take(~blocked);
    return own == null && summoned ? shared.pending.take(~blocked) : own;
  }

  /** Lets the handler run next; forces SIGSEGV if there is no room for its frame. */
  private void enter(GuestRegisters registers, SignalInfo info, SignalAction action) {
    int signal = info.signal();
    if (action.has(SignalAction.SA_RESETHAND)) {
      shared.setAction(
          signal, new SignalAction(SignalAction.DEFAULT, action.flags(), action.mask()));
    }
    if (!frames.push(registers, info, action, hasSavedMask ? savedMask : blocked)) {
      forceOverflow(signal);
      return;
    }
    hasSavedMask = false;
    long added = action.mask();
    if (!action.has(SignalAction.SA_NODEFER)) {
      added |= Signal.bit(signal);
    }
    blocked(blocked | added);
  }

  private void forceOverflow(int signal) {
    if (signal == Signal.SIGSEGV) {
      shared.setAction(signal, SignalAction.INITIAL);
    }
    force(new SignalInfo(Signal.SIGSEGV, 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0));
  }

  /**
   * rt_sigreturn(2): takes the registers, mask and alternate stack back from the frame at the stack
   * pointer. A frame that is not one makes the process receive SIGSEGV.
   */
  public void returnFromHandler(GuestRegisters registers) {
    HandlerFrames.Frame frame = frames.top(registers);
    if (frame == null) {
      forceOverflow(0);
      return;
    }
    blocked(frame.mask());
    if (!frame.restore(registers)) {
      forceOverflow(0);
    }
  }
}
