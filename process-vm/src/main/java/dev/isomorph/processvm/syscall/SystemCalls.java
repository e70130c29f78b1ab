package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.ProcFiles;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.InterruptedCall;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * The Linux system call interface of riscv64 for one guest thread: what ecall does, and the signals
 * the thread receives. The methods run on the guest's thread, while it is stopped.
 */
public final class SystemCalls {
  /**
   * A process to serve.
   *
   * @param memory its address space
   * @param paths its view of the file system
   * @param files the files of {@code /proc} that speak of it
   * @param signals its signal state
   * @param pollFlag host address of the byte that is set when a signal has arrived for it
   * @param code told when the guest has written code (riscv_flush_icache)
   * @param trace where to print each call and signal, null for nowhere
   * @param starter starts threads, null if there can be but one
   */
  public record Process(
      AddressSpace memory,
      RootedPaths paths,
      ProcFiles files,
      GuestSignals signals,
      long pollFlag,
      CodeInvalidator code,
      Strace trace,
      ThreadStarter starter) {
    /** A process that cannot have more than one thread. */
    public Process(
        AddressSpace memory,
        RootedPaths paths,
        ProcFiles files,
        GuestSignals signals,
        long pollFlag,
        CodeInvalidator code,
        Strace trace) {
      this(memory, paths, files, signals, pollFlag, code, trace, null);
    }
  }

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
    this(guest, guest.process.trace == null ? null : guest.process.trace.forThread(guest.tid));
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

  /** Whether the thread runs no more guest code: it has ended, or the process has. */
  public boolean isOver() {
    return threadEnded || end != null;
  }

  /**
   * Carries out the system call that the registers ask for; pc is that of the ecall. Afterwards the
   * registers are those to go on with, unless the process has ended.
   */
  public void dispatch(GuestRegisters registers) {
    guest.registers = registers;
    guest.scratch.reset();
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = registers.x(10 + i);
    }
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
      return;
    }
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
    ProcessEnd how = new ProcessEnd(guest.exitStatus, null);
    boolean last = guest.process.threads.remove(guest);
    ThreadEnd.announce(guest);
    if (guest.processExited || last) {
      end(how);
      return;
    }
    guest.signals.end();
    threadEnded = true;
    if (trace != null) {
      trace.ended(how);
    }
  }

  /**
   * Serves the process's other threads on the thread that the host tells of signals, after that has
   * ended itself. Does not return: the process's end is the way out.
   */
  public void relaySignals() {
    while (true) {
      guest.signals.relay();
      guest.kernel.attempt(Syscall.PPOLL, 0, 0, 0, 0, 0, 0);
    }
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
      return switch (call.group) {
        case ABSENT -> -Errno.ENOSYS;
        case DENIED -> -Errno.EPERM;
        default -> group(call.group).call(call, arguments);
      };
    } catch (CallFailure failure) {
      return -failure.errno;
    } catch (InternalError memoryGone) {
      return -Errno.EFAULT; // A mapped file has become shorter than its mapping.
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
    deliver(registers, InterruptedCall.NONE);
  }

  private void deliver(GuestRegisters registers, InterruptedCall interrupted) {
    if (guest.signals.deliver(registers, interrupted) == GuestSignals.Delivery.DEATH) {
      end(new ProcessEnd(0, guest.signals.fatal()));
    }
  }

  private void end(ProcessEnd how) {
    end = how;
    if (trace != null) {
      trace.ended(how);
    }
  }
}
