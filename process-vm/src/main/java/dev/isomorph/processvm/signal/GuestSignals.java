package dev.isomorph.processvm.signal;

import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.ENOMEM;
import static dev.isomorph.processvm.Errno.EPERM;

import dev.isomorph.processvm.memory.AddressSpace;
import java.util.Arrays;

/**
 * The signal state of a guest process with one thread, and the delivery of signals to it, as Linux
 * does both (signal(7), kernel/signal.c, arch/riscv/kernel/signal.c).
 */
public final class GuestSignals {
  /** What came of looking for a signal to deliver. */
  public enum Delivery {
    /** There was none, or none that the guest notices. */
    NOTHING,
    /** A handler runs next; the registers are those at its entry. */
    HANDLER,
    /** The process is dead, of {@link #fatal()}. */
    DEATH
  }

  /** Signals that would make the host's JVM shut down, or dump threads, instead of just dying. */
  private static final int[] HANDLED_BY_JVM = {
    Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGPIPE, Signal.SIGXFSZ,
  };

  private final AddressSpace memory;
  private final HostSignals host;
  private final long trampoline;
  private final SignalAction[] actions = new SignalAction[Signal.LAST + 1];
  private final PendingSignals pending = new PendingSignals();
  private SignalWatcher watcher = SignalWatcher.NONE;
  private SignalTaker taker;
  private AlternateStack alternate = AlternateStack.NONE;
  private long blocked;
  private long savedMask;
  private boolean hasSavedMask;
  private SignalInfo fatal;

  /**
   * Makes the state of a new process.
   *
   * @param trampoline guest address of code that calls rt_sigreturn
   */
  public GuestSignals(AddressSpace memory, HostSignals host, long trampoline) {
    this.memory = memory;
    this.host = host;
    this.trampoline = trampoline;
    Arrays.fill(actions, SignalAction.INITIAL);
    for (long rest = host.ignoredAtStart(); rest != 0; rest &= rest - 1) {
      actions[Long.numberOfTrailingZeros(rest) + 1] = new SignalAction(SignalAction.IGNORE, 0, 0);
    }
    for (int signal : HANDLED_BY_JVM) {
      host.listen(signal);
    }
  }

  /** Tells {@code watcher} of each signal as it is delivered. */
  public void watch(SignalWatcher watcher) {
    this.watcher = watcher;
  }

  // ---- State ----

  public SignalAction action(int signal) {
    return actions[signal];
  }

  /** sigaction(2); forgets pending signals that are ignored from now on. */
  public void action(int signal, SignalAction action) {
    actions[signal] = action;
    if (action.ignores(signal)) {
      pending.discard(Signal.bit(signal));
    }
    if (action.handler() != SignalAction.DEFAULT) {
      host.listen(signal);
    }
  }

  public long blocked() {
    return blocked;
  }

  /** Sets the mask of blocked signals; SIGKILL and SIGSTOP stay out of it. */
  public void blocked(long mask) {
    long added = mask & ~blocked & ~Signal.UNBLOCKABLE;
    blocked = mask & ~Signal.UNBLOCKABLE;
    for (long rest = added; rest != 0; rest &= rest - 1) {
      host.listen(Long.numberOfTrailingZeros(rest) + 1);
    }
  }

  /** Signals that are blocked and wait (sigpending(2)). */
  public long pending() {
    collect();
    return pending.set() & blocked;
  }

  public AlternateStack alternate() {
    return alternate;
  }

  public void alternate(AlternateStack stack) {
    alternate = stack;
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
      blocked = savedMask;
    }
  }

  /** The signal that ended the process, null while it lives. */
  public SignalInfo fatal() {
    return fatal;
  }

  // ---- Sending ----

  /** Lets {@code taker} have blocked signals instead of leaving them to wait. */
  public void blockedTo(SignalTaker taker) {
    this.taker = taker;
  }

  /** Sends the process a signal; one that is ignored and not blocked vanishes at once. */
  public void send(SignalInfo info) {
    int signal = info.signal();
    long bit = Signal.bit(signal);
    if (signal == Signal.SIGCONT) {
      pending.discard(Signal.STOPS);
    } else if ((bit & Signal.STOPS) != 0) {
      pending.discard(Signal.bit(Signal.SIGCONT));
    }
    if ((blocked & bit) == 0 && actions[signal].ignores(signal)) {
      return;
    }
    if ((blocked & bit) == 0 || taker == null || !taker.take(info)) {
      pending.add(info);
    }
  }

  /**
   * Sends a signal that an instruction caused: it cannot wait, so if it is blocked or ignored the
   * process dies of it.
   */
  public void force(SignalInfo info) {
    int signal = info.signal();
    long bit = Signal.bit(signal);
    if ((blocked & bit) != 0 || actions[signal].handler() == SignalAction.IGNORE) {
      actions[signal] = SignalAction.INITIAL;
      blocked &= ~bit;
    }
    pending.discard(bit);
    pending.add(info);
  }

  /** Takes over what has arrived at the host. */
  private void collect() {
    for (SignalInfo info = host.take(); info != null; info = host.take()) {
      send(info);
    }
  }

  /** Whether some signal waits that is not blocked, so that a blocking call must end. */
  public boolean interrupted() {
    collect();
    return (pending.set() & ~blocked) != 0;
  }

  /** Removes and returns a waiting signal of {@code wanted}, blocked or not; null if none waits. */
  public SignalInfo accept(long wanted) {
    collect();
    return pending.take(wanted & ~Signal.UNBLOCKABLE);
  }

  // ---- Delivery ----

  /**
   * Delivers what waits and is not blocked.
   *
   * @param call what the system call the thread comes from wants done with it before a handler runs
   *     or when none does; its {@link InterruptedCall#NONE} outside of calls
   */
  public Delivery deliver(GuestRegisters registers, InterruptedCall call) {
    collect();
    InterruptedCall from = call;
    boolean handler = false;
    while (true) {
      SignalInfo info = pending.take(~blocked);
      if (info == null) {
        break;
      }
      SignalAction action = actions[info.signal()];
      if (action.ignores(info.signal())) {
        continue;
      }
      watcher.delivered(info);
      if (action.handler() == SignalAction.DEFAULT) {
        if (Signal.defaultAction(info.signal()) == Signal.DefaultAction.STOP) {
          HostStop.stop();
          continue;
        }
        fatal = info;
        return Delivery.DEATH;
      }
      from.handled(registers, action);
      from = InterruptedCall.NONE;
      handler = true;
      enter(registers, info, action);
    }
    if (!handler) {
      from.notHandled(registers);
      resumeMask();
    }
    return handler ? Delivery.HANDLER : Delivery.NOTHING;
  }

  /** Builds the frame and sets the registers for the handler; force SIGSEGV if there is no room. */
  private void enter(GuestRegisters registers, SignalInfo info, SignalAction action) {
    int signal = info.signal();
    if (action.has(SignalAction.SA_RESETHAND)) {
      actions[signal] = new SignalAction(SignalAction.DEFAULT, action.flags(), action.mask());
    }
    long sp = registers.x(2);
    long frame = alternate.top(sp, action.has(SignalAction.SA_ONSTACK)) - SignalFrame.BYTES & -16L;
    boolean overflows = alternate.contains(sp) && !alternate.contains(sp - SignalFrame.BYTES);
    if (overflows || !memory.writable(frame, SignalFrame.BYTES)) {
      forceOverflow(signal);
      return;
    }
    long mask = hasSavedMask ? savedMask : blocked;
    hasSavedMask = false;
    SignalFrame.write(memory.hostAddress(frame), info, registers, alternate, mask);
    registers.x(1, trampoline);
    registers.x(2, frame);
    registers.x(10, signal);
    registers.x(11, frame + SignalFrame.INFO);
    registers.x(12, frame + SignalFrame.CONTEXT);
    registers.pc(action.handler());
    long added = action.mask();
    if (!action.has(SignalAction.SA_NODEFER)) {
      added |= Signal.bit(signal);
    }
    blocked(blocked | added);
    if ((alternate.flags() & AlternateStack.SS_AUTODISARM) != 0) {
      alternate = AlternateStack.NONE;
    }
  }

  private void forceOverflow(int signal) {
    if (signal == Signal.SIGSEGV) {
      actions[signal] = SignalAction.INITIAL;
    }
    force(new SignalInfo(Signal.SIGSEGV, 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0));
  }

  /**
   * rt_sigreturn(2): takes the registers, mask and alternate stack back from the frame at the stack
   * pointer. A frame that is not one makes the process receive SIGSEGV.
   */
  public void returnFromHandler(GuestRegisters registers) {
    long frame = registers.x(2);
    if (!memory.readable(frame, SignalFrame.BYTES)) {
      forceOverflow(0);
      return;
    }
    long host = memory.hostAddress(frame);
    blocked(SignalFrame.mask(host));
    if (!SignalFrame.restorable(host)) {
      forceOverflow(0);
      return;
    }
    SignalFrame.restore(host, registers);
    changeAlternate(SignalFrame.stack(host), registers.x(2));
  }

  /**
   * sigaltstack(2) without its pointers.
   *
   * @return 0 or a negative errno
   */
  public int changeAlternate(AlternateStack wanted, long sp) {
    if (alternate.contains(sp)) {
      return -EPERM;
    }
    int mode = wanted.flags() & ~AlternateStack.SS_AUTODISARM;
    if (mode != 0 && mode != AlternateStack.SS_ONSTACK && mode != AlternateStack.SS_DISABLE) {
      return -EINVAL;
    }
    if (mode == AlternateStack.SS_DISABLE) {
      alternate = new AlternateStack(0, wanted.flags(), 0);
    } else if (Long.compareUnsigned(wanted.size(), AlternateStack.MINIMUM) < 0) {
      return -ENOMEM;
    } else {
      alternate = wanted;
    }
    return 0;
  }
}
