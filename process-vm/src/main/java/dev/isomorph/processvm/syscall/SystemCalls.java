package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.lower.DirectCalls;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.InterruptedCall;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * The Linux system call interface of riscv64 for one guest thread: what ecall does, and the signals
 * the thread receives. The methods run on the guest's thread, while it is stopped.
 */
public final class SystemCalls {
  /**
   * The first process of a virtual machine.
   *
   * @param home what it lives in
   * @param paths its view of the file system
   * @param signals its signal state
   * @param pollFlag host address of the byte that is set when a signal has arrived for it
   * @param trace where to print each call and signal, null for nowhere
   * @param family it and the processes that come of it
   */
  public record Process(
      ProcessHost.Home home,
      RootedPaths paths,
      GuestSignals signals,
      long pollFlag,
      Strace trace,
      Family family) {}

  private final Guest guest;
  private final CallGroup[] groups = new CallGroup[Group.values().length];
  private final long[] arguments = new long[6];
  private final Strace trace;
  private ProcessEnd end;
  private boolean threadEnded;

  /** Makes the system calls of a new process's first thread, which is the calling one. */
  public SystemCalls(Process process) {
    this(new Guest(process), process.trace());
  }

  /** Makes the system calls of a further thread. */
  SystemCalls(Guest guest) {
    this(guest, guest.process.trace == null ? null : guest.process.trace.forThread(guest));
  }

  private SystemCalls(Guest guest, Strace trace) {
    this.guest = guest;
    this.trace = trace;
    if (trace != null) {
      trace.attach(guest);
    }
  }

  /** How this thread ended the process; null if it did not. */
  public ProcessEnd end() {
    return end;
  }

  /** The program that is to replace the one that has run so far; null for none. */
  public Execution execution() {
    return guest.execution;
  }

  /** Whether the thread runs no more code of this program. */
  public boolean isOver() {
    return threadEnded || end != null || guest.execution != null;
  }

  /** Whether the process has no other thread, or none any more. */
  public boolean isAlone() {
    return guest.process.threads.isAlone(guest);
  }

  /** The calls that emitted code may make by itself; null if each is to be seen. */
  public DirectCalls directCalls() {
    return trace == null ? DirectSyscalls.of(guest.process.family.isFirst()) : null;
  }

  /** Address of the host's descriptors, for {@link #directCalls}. */
  public long descriptors() {
    return guest.fds.hosts();
  }

  /** The process and its relatives. */
  public Family family() {
    return guest.process.family;
  }

  /**
   * Carries out the system call that the registers ask for; pc is that of the ecall. Afterwards the
   * registers are those to go on with, unless the process has ended.
   */
  public void dispatch(GuestRegisters registers) {
    begin(registers);
    Syscall call = Syscall.byNumber(registers.x(17));
    if (trace != null) {
      trace.enter(call, registers.x(17), arguments);
    }
    long result = call == null ? -Errno.ENOSYS : perform(call);
    if (trace != null) {
      trace.leave(call, arguments, result);
    }
    if (guest.exited) {
      exit();
    } else if (guest.execution != null) {
      leaveProgram();
    } else {
      finish(call, result);
    }
  }

  /**
   * Goes on from where emitted code has made the system call at pc by itself.
   *
   * @param result the host's answer
   */
  public void settle(GuestRegisters registers, long result) {
    guest.kernel.settle(result);
    if (HostKernel.isInterruption(result) && !guest.signals.interrupted()) {
      dispatch(registers);
      return;
    }
    begin(registers);
    finish(Syscall.byNumber(registers.x(17)), result);
  }

  private void begin(GuestRegisters registers) {
    guest.registers = registers;
    guest.scratch.reset();
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = registers.x(10 + i);
    }
  }

  private void finish(Syscall call, long result) {
    GuestRegisters registers = guest.registers;
    InterruptedCall interrupted = interruption(result);
    if (interrupted == InterruptedCall.NONE) {
      guest.signals.resumeMask();
      if (call != Syscall.RT_SIGRETURN) {
        registers.x(10, result);
        registers.pc(registers.pc() + 4);
      }
    }
    deliver(registers, interrupted);
  }

  private void exit() {
    ProcessEnd how = endBy(guest.exitStatus, null);
    ThreadEnd.announce(guest);
    if (guest.processExited) {
      end(how);
      return;
    }
    if (guest.process.threads.remove(guest)) {
      end = how;
    } else {
      leave();
    }
    if (trace != null) {
      trace.ended(how);
    }
  }

  /** The thread goes, the process stays. */
  private void leave() {
    guest.signals.end();
    threadEnded = true;
  }

  /** Another thread has ended this one. */
  private void leaveToEnder() {
    ThreadEnd.announce(guest);
    guest.process.threads.remove(guest);
    leave();
  }

  /**
   * Ends the other threads of a process that this thread has ended, waits until they are gone, and
   * gives up what the process has of the host's.
   */
  public void finishProcess() {
    guest.process.threads.awaitAlone(guest);
    ProcessLeave.atEnd(guest);
    Family family = guest.process.family;
    family.tree().ended(family.self(), FamilyCalls.changeAt(guest, end));
    guest.signals.end();
  }

  /** Lets the program go that the thread has run so far, and all other threads with it. */
  private void leaveProgram() {
    if (!guest.signals.endOthers()) {
      guest.execution.program().close();
      guest.execution = null;
      leaveToEnder();
      return;
    }
    guest.process.threads.awaitAlone(guest);
    ThreadEnd.announce(guest);
    ProcessLeave.atExecution(guest);
  }

  /**
   * Goes on with another program, after {@link #execution}; this is done with then.
   *
   * @param home what the process lives in from now on
   * @param trampoline guest address of code that calls rt_sigreturn
   * @param pollFlag host address of the thread's new poll flag
   * @param alarm tells the thread to look for signals
   */
  public SystemCalls newProgram(
      ProcessHost.Home home, long trampoline, long pollFlag, Alarm alarm) {
    SharedState process = guest.process.executed(home);
    GuestSignals signals = guest.signals.newProgram(home.memory(), trampoline, alarm);
    process.family.tree().executed(process.family.self());
    guest.process.returnLoan();
    guest.release();
    return new SystemCalls(Guest.main(process, signals, pollFlag));
  }

  /** The program to be run cannot be loaded after all: the process ends as the kernel ends it. */
  public void dieAtExecution() {
    guest.execution = null;
    end(new ProcessEnd(0, new SignalInfo(Signal.SIGKILL, 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0)));
  }

  /** Hands on what has arrived at the host; for a thread that runs no guest code any more. */
  public void relaySignals() {
    guest.signals.relay();
  }

  /** Frees what belongs to the thread after its end. */
  public void release() {
    guest.release();
  }

  private static InterruptedCall interruption(long result) {
    if (result > HostKernel.RESTARTED || result < HostKernel.CONTINUED) {
      return InterruptedCall.NONE;
    }
    return switch ((int) result) {
      case (int) HostKernel.RESTARTED -> InterruptedCall.RESTARTED;
      case (int) HostKernel.ENDED_BY_HANDLER -> InterruptedCall.ENDED_BY_HANDLER;
      case (int) HostKernel.CONTINUED -> InterruptedCall.CONTINUED;
      default -> InterruptedCall.NONE;
    };
  }

  private long perform(Syscall call) {
    try {
      long result =
          switch (call.group) {
            case ABSENT -> -Errno.ENOSYS;
            case DENIED -> -Errno.EPERM;
            default -> group(call.group).call(call, arguments);
          };
      HostCalls.settle();
      return result;
    } catch (CallFailure failure) {
      return -failure.errno;
    } catch (InternalError memoryGone) {
      // A mapped file has become shorter, or another thread has unmapped what had been looked at.
      return -Errno.EFAULT;
    }
  }

  private CallGroup group(Group group) {
    CallGroup found = groups[group.ordinal()];
    if (found == null) {
      found = make(group);
      groups[group.ordinal()] = found;
    }
    return found;
  }

  private CallGroup make(Group group) {
    return switch (group) {
      case PASS, WAIT, OPEN -> new PassThrough(guest);
      case FILES -> new FileCalls(guest);
      case PATHS -> new PathCalls(guest);
      case VECTORS -> new VectorCalls(guest);
      case POLLS -> new PollCalls(guest);
      case EPOLLS -> new EpollCalls(guest);
      case SOCKETS -> new SocketCalls(guest);
      case MEMORY -> new MemoryCalls(guest);
      case TIME -> new TimeCalls(guest);
      case SIGNALS -> new SignalCalls(guest);
      case PROCESS -> new ProcessCalls(guest);
      case FAMILY -> new FamilyCalls(guest);
      case EXEC -> new ExecCalls(guest);
      case THREADS -> new ThreadCalls(guest);
      case LIMITS -> new LimitCalls(guest);
      case IOCTLS -> new IoctlCalls(guest);
      case IPC -> new IpcCalls(guest);
      case ABSENT, DENIED -> throw new IllegalArgumentException(group.name());
    };
  }

  /** Lets the guest receive a signal that the instruction at pc caused. */
  public void fault(GuestRegisters registers, SignalInfo info) {
    guest.signals.force(info);
    deliver(registers, InterruptedCall.NONE);
  }

  /** Lets the guest receive what signals have arrived; pc is that of the next instruction. */
  public void poll(GuestRegisters registers) {
    guest.signals.alarmSeen();
    deliver(registers, InterruptedCall.NONE);
  }

  private void deliver(GuestRegisters registers, InterruptedCall interrupted) {
    GuestSignals.Delivery delivery = guest.signals.deliver(registers, interrupted);
    while (delivery == GuestSignals.Delivery.STOP) {
      standStill();
      delivery = guest.signals.deliver(registers, interrupted);
    }
    if (delivery == GuestSignals.Delivery.DEATH) {
      ThreadEnd.announce(guest);
      end(endBy(0, guest.signals.fatal()));
    } else if (delivery == GuestSignals.Delivery.ENDED) {
      leaveToEnder();
    }
  }

  /** A signal has stopped the process; the thread that it reached tells the parent. */
  private void standStill() {
    Family family = guest.process.family;
    int signal = guest.signals.takeStopSignal();
    if (signal != 0) {
      family.tree().stopped(family.self(), signal);
    }
    if (guest.signals.awaitContinue() && signal != 0) {
      family.tree().continued(family.self());
    }
  }

  private ProcessEnd endBy(int status, SignalInfo signal) {
    Family family = guest.process.family;
    int request = family.isFirst() ? family.tree().requestOf(signal) : 0;
    return new ProcessEnd(status, signal, request);
  }

  private void end(ProcessEnd how) {
    if (!guest.signals.endOthers()) {
      leaveToEnder();
      return;
    }
    end = how;
    if (trace != null) {
      trace.ended(how);
    }
  }
}
