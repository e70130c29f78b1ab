package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.AlternateStack;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalAction;
import dev.isomorph.processvm.signal.SignalInfo;
import dev.isomorph.processvm.tree.ProcessTree;

/** Calls about signals; the state is {@link GuestSignals}. */
final class SignalCalls implements CallGroup {
  private static final int SIG_BLOCK = 0;
  private static final int SIG_UNBLOCK = 1;
  private static final int SIG_SETMASK = 2;
  private static final int TIMESPEC_BYTES = 16;

  private final Guest guest;
  private final UserMemory memory;
  private final GuestSignals signals;
  private final ProcessTree tree;

  SignalCalls(Guest guest) {
    this.guest = guest;
    this.memory = guest.memory;
    this.signals = guest.signals;
    this.tree = guest.process.family.tree();
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case RT_SIGACTION -> action((int) a[0], a[1], a[2], a[3]);
      case RT_SIGPROCMASK -> mask((int) a[0], a[1], a[2], a[3]);
      case RT_SIGPENDING -> pending(a[0], a[1]);
      case RT_SIGSUSPEND -> suspend(a[0], a[1]);
      case RT_SIGTIMEDWAIT -> timedWait(a[0], a[1], a[2], a[3]);
      case RT_SIGRETURN -> {
        signals.returnFromHandler(guest.registers);
        yield guest.registers.x(10);
      }
      case SIGALTSTACK -> alternateStack(a[0], a[1]);
      case KILL -> kill((int) a[0], (int) a[1]);
      case TKILL -> killThread(call, (int) a[0], (int) a[0], (int) a[1]);
      case TGKILL -> killThread(call, (int) a[0], (int) a[1], (int) a[2]);
      case RT_SIGQUEUEINFO -> queue((int) a[0], (int) a[1], a[2]);
      case RT_TGSIGQUEUEINFO -> queueToThread((int) a[0], (int) a[1], (int) a[2], a[3]);
      case PIDFD_SEND_SIGNAL -> sendByDescriptor(call, (int) a[0], (int) a[1], a[2], (int) a[3]);
      case SIGNALFD4 ->
          guest.process.signalDescriptors(guest).open(guest, (int) a[0], a[1], a[2], (int) a[3]);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  static void checkSetSize(long size) {
    if (size != PollCalls.SIGSET_BYTES) {
      throw new CallFailure(Errno.EINVAL);
    }
  }

  private static boolean isSignal(int signal) {
    return signal > 0 && signal <= Signal.LAST;
  }

  // ---- State ----

  private long action(int signal, long newAction, long oldAction, long setSize) {
    checkSetSize(setSize);
    SignalAction wanted = null;
    if (newAction != 0) {
      long host = memory.readable(newAction, SignalAction.BYTES);
      wanted =
          new SignalAction(
              HostMemory.getLong(host),
              HostMemory.getLong(host + 8),
              HostMemory.getLong(host + 16));
    }
    boolean fixed = signal == Signal.SIGKILL || signal == Signal.SIGSTOP;
    if (!isSignal(signal) || wanted != null && fixed) {
      return -Errno.EINVAL;
    }
    SignalAction old = signals.action(signal);
    if (wanted != null) {
      signals.action(signal, wanted);
    }
    if (oldAction != 0) {
      long host = memory.writable(oldAction, SignalAction.BYTES);
      HostMemory.putLong(host, old.handler());
      HostMemory.putLong(host + 8, old.flags());
      HostMemory.putLong(host + 16, old.mask());
    }
    return 0;
  }

  private long mask(int how, long newSet, long oldSet, long setSize) {
    checkSetSize(setSize);
    long old = signals.blocked();
    if (newSet != 0) {
      long set = memory.getLong(newSet);
      switch (how) {
        case SIG_BLOCK -> signals.blocked(old | set);
        case SIG_UNBLOCK -> signals.blocked(old & ~set);
        case SIG_SETMASK -> signals.blocked(set);
        default -> {
          return -Errno.EINVAL;
        }
      }
    }
    if (oldSet != 0) {
      memory.putLong(oldSet, old);
    }
    return 0;
  }

  private long pending(long set, long setSize) {
    if (setSize < 0 || setSize > PollCalls.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    long copy = guest.scratch.take(PollCalls.SIGSET_BYTES);
    HostMemory.putLong(copy, signals.pending());
    memory.copyOut(copy, set, setSize);
    return 0;
  }

  private long alternateStack(long newStack, long oldStack) {
    long sp = guest.registers.x(2);
    AlternateStack old = signals.frames().alternate();
    if (newStack != 0) {
      long host = memory.readable(newStack, AlternateStack.BYTES);
      AlternateStack wanted =
          new AlternateStack(
              HostMemory.getLong(host), HostMemory.getInt(host + 8), HostMemory.getLong(host + 16));
      int result = signals.frames().changeAlternate(wanted, sp);
      if (result != 0) {
        return result;
      }
    }
    if (oldStack != 0) {
      long host = memory.writable(oldStack, AlternateStack.BYTES);
      HostMemory.fill(host, AlternateStack.BYTES, (byte) 0);
      HostMemory.putLong(host, old.base());
      HostMemory.putInt(host + 8, old.stateFor(sp));
      HostMemory.putLong(host + 16, old.size());
    }
    return 0;
  }

  // ---- Waiting ----

  private long suspend(long set, long setSize) {
    checkSetSize(setSize);
    signals.suspendMask(memory.getLong(set));
    while (!signals.interrupted()) {
      guest.kernel.attempt(Syscall.PPOLL, 0, 0, 0, 0, 0, 0);
    }
    return HostKernel.ENDED_BY_HANDLER;
  }

  private long timedWait(long set, long info, long timeout, long setSize) {
    checkSetSize(setSize);
    long wanted = memory.getLong(set) & ~(Signal.bit(Signal.SIGKILL) | Signal.bit(Signal.SIGSTOP));
    long remaining = 0;
    if (timeout != 0) {
      remaining = guest.scratch.take(TIMESPEC_BYTES);
      memory.copyIn(timeout, remaining, TIMESPEC_BYTES);
    }
    // While the thread waits for them, these signals do not act; so none is lost to a handler.
    signals.await(wanted);
    try {
      while (true) {
        SignalInfo found = signals.accept(wanted);
        if (found != null) {
          if (info != 0) {
            found.write(memory.writable(info, SignalInfo.BYTES));
          }
          return found.signal();
        }
        if (signals.interrupted()) {
          return -Errno.EINTR;
        }
        long result = guest.kernel.attempt(Syscall.PPOLL, 0, 0, remaining, 0, 0, 0);
        if (!HostKernel.isInterruption(result)) {
          return result == 0 ? -Errno.EAGAIN : result;
        }
      }
    } finally {
      signals.await(0);
    }
  }

  // ---- Sending ----

  private int uid() {
    return (int) guest.kernel.call(Syscall.GETUID, 0);
  }

  /**
   * Whether an id means this process: its own or, as for the kernel, that of one of its threads.
   */
  private boolean isOwn(int process) {
    return process == guest.pid || guest.process.threads.byId(process) != null;
  }

  private long kill(int process, int signal) {
    if (isOwn(process)) {
      return toProcess(sent(signal, SignalInfo.SI_USER));
    }
    if (signal < 0 || signal > Signal.LAST) {
      return -Errno.EINVAL;
    }
    SignalInfo info = signal == 0 ? null : sent(signal, SignalInfo.SI_USER);
    if (process > 0) {
      return tree.send(process, info) ? 0 : killOutside(process, signal);
    }
    if (process == -1) {
      long result = guest.kernel.call(Syscall.KILL, process, signal);
      return tree.sendToGroup(0, info, guest.process.family.self()) > 0 ? 0 : result;
    }
    int group = process == 0 ? tree.groupOf(guest.pid) : -process;
    if (tree.hasOwnGroup(group)) {
      tree.sendToGroup(group, info, null);
      return 0;
    }
    // The host's call reaches the first process, if the group is its own.
    long result = guest.kernel.call(Syscall.KILL, -group, signal);
    tree.sendToGroup(group, info, tree.first());
    return result;
  }

  /** Threads of the host process that are none of a guest's any more, or never were, are nobody. */
  private long killOutside(int process, int signal) {
    return guest.kernel.call(Syscall.TGKILL, tree.first().pid(), process, 0, 0) == 0
        ? -Errno.ESRCH
        : guest.kernel.call(Syscall.KILL, process, signal);
  }

  private SignalInfo sent(int signal, int code) {
    return SignalInfo.sent(signal, code, guest.pid, uid());
  }

  private long toProcess(SignalInfo info) {
    if (info.signal() != 0 && !isSignal(info.signal())) {
      return -Errno.EINVAL;
    }
    if (info.signal() != 0) {
      signals.send(info);
    }
    return 0;
  }

  private long killThread(Syscall call, int process, int thread, int signal) {
    if (process <= 0 || thread <= 0) {
      return -Errno.EINVAL;
    }
    Guest receiver = guest.process.threads.byId(thread);
    boolean anyProcess = call == Syscall.TKILL;
    boolean isRelative = receiver == null && process != guest.pid && tree.has(process);
    if (isRelative) {
      if (signal != 0 && !isSignal(signal)) {
        return -Errno.EINVAL;
      }
      tree.send(process, signal == 0 ? null : sent(signal, SignalInfo.SI_TKILL));
      return 0;
    }
    if (receiver == null && (anyProcess || process != guest.pid)) {
      return anyProcess
          ? guest.kernel.call(call, thread, signal)
          : guest.kernel.call(call, process, thread, signal, 0);
    }
    boolean ours = anyProcess || process == guest.pid;
    return toThread(ours ? receiver : null, sent(signal, SignalInfo.SI_TKILL));
  }

  /** Sends a signal to a thread of this process; ESRCH if there is none. */
  private long toThread(Guest receiver, SignalInfo info) {
    if (receiver == null) {
      return -Errno.ESRCH;
    }
    if (info.signal() != 0 && !isSignal(info.signal())) {
      return -Errno.EINVAL;
    }
    if (info.signal() != 0 && !receiver.signals.sendToThread(info, signals)) {
      return -Errno.ESRCH;
    }
    return 0;
  }

  private long queue(int process, int signal, long pointer) {
    long host = memory.readable(pointer, SignalInfo.BYTES);
    SignalInfo info = SignalInfo.read(host).withSignal(signal);
    if (isOwn(process)) {
      return toProcess(info);
    }
    if (info.code() >= 0 || info.code() == SignalInfo.SI_TKILL) {
      return -Errno.EPERM; // Others could not tell it from what the kernel or kill(2) sends.
    }
    if (tree.has(process) && (signal == 0 || isSignal(signal))) {
      tree.send(process, signal == 0 ? null : info);
      return 0;
    }
    return guest.kernel.call(Syscall.RT_SIGQUEUEINFO, process, signal, host, 0);
  }

  private long queueToThread(int process, int thread, int signal, long pointer) {
    long host = memory.readable(pointer, SignalInfo.BYTES);
    if (process != guest.pid) {
      return guest.kernel.call(Syscall.RT_TGSIGQUEUEINFO, process, thread, signal, host);
    }
    Guest receiver = guest.process.threads.byId(thread);
    return toThread(receiver, SignalInfo.read(host).withSignal(signal));
  }

  private long sendByDescriptor(Syscall call, int descriptor, int signal, long info, int flags) {
    int host = guest.fds.host(descriptor);
    return host < 0
        ? host
        : guest.kernel.call(call, host, signal, memory.pass(info, SignalInfo.BYTES), flags);
  }
}
