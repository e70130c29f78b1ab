package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;
import java.util.List;

/**
 * Prints a thread's system calls and signals, one line each, as strace(1) does. A call's line
 * begins when the call does, with the arguments it takes in; what it gives out follows. If another
 * thread prints meanwhile, the line is broken and resumed.
 */
public final class Strace {
  private static final int F_DUPFD_CLOEXEC = 1030;

  /** The column of the equals sign, unless the call is longer. */
  private static final int RESULT_COLUMN = 40;

  private static final int BUFFER = 1 << 16;

  private final Output output;

  /** What the lines of a further thread begin with. */
  private final String prefix;

  private final StringBuilder line = new StringBuilder();
  private StraceArguments arguments;
  private int printed;
  private int column;

  /**
   * Prints to a descriptor of the host, by a duplicate of it, so that the guest may close its own.
   */
  public Strace(int descriptor) {
    long copy =
        HostCalls.syscall(
            Syscall.FCNTL.host, descriptor, F_DUPFD_CLOEXEC, descriptor < 3 ? 3 : 0, 0, 0, 0);
    output = new Output(copy < 0 ? descriptor : copy);
    prefix = "";
  }

  private Strace(Output output, String prefix) {
    this.output = output;
    this.prefix = prefix;
  }

  /** Prints another thread, of this process or another, to the same place. */
  Strace forThread(Guest guest) {
    boolean isFirst = guest.process.family.isFirst() && guest.tid == guest.pid;
    return new Strace(output, isFirst ? "" : "[pid " + guest.tid + "] ");
  }

  /** Where all threads of a process print; its monitor keeps their lines apart. */
  private static final class Output {
    private final long descriptor;
    private final long buffer = HostMemory.allocate(BUFFER);

    /** Whose line is not complete; null for nobody's. */
    private Strace open;

    Output(long descriptor) {
      this.descriptor = descriptor;
    }

    void write(CharSequence text) {
      int length = text.length();
      for (int start = 0; start < length; start += BUFFER) {
        int part = Math.min(BUFFER, length - start);
        for (int i = 0; i < part; i++) {
          HostMemory.putByte(buffer + i, (byte) text.charAt(start + i));
        }
        HostCalls.syscall(Syscall.WRITE.host, descriptor, buffer, part, 0, 0, 0);
      }
    }

    /** Begins a line of a thread. */
    void begin(Strace thread) {
      if (open != null) {
        write(" <unfinished ...>\n");
        open = null;
      }
      write(thread.prefix);
    }
  }

  /**
   * Prints how the first program was started, as if a call of its own had done it.
   *
   * @param path what the user calls it
   * @param arguments its arguments, the first of which is its name
   * @param environment guest address of its environment
   * @param variables their number
   */
  public void started(String path, List<String> arguments, long environment, int variables) {
    line.append("execve(");
    StraceArguments.quote(line, path, false);
    line.append(", ");
    StraceArguments.strings(line, arguments);
    line.append(", ");
    StraceArguments.environment(line, environment, variables);
    complete("0");
  }

  void attach(Guest guest) {
    arguments = new StraceArguments(guest);
    guest.signals.watch(this::delivered);
  }

  /** A call begins; null stands for one that does not exist. */
  void enter(Syscall call, long number, long[] a) {
    column = 0;
    printed = 0;
    synchronized (output) {
      output.begin(this);
      begin(call, number, a);
      output.open = this;
    }
  }

  private void begin(Syscall call, long number, long[] a) {
    if (call == null) {
      line.append("syscall_0x").append(Long.toHexString(number)).append('(');
      for (int i = 0; i < a.length; i++) {
        line.append(i == 0 ? "0x" : ", 0x").append(Long.toHexString(a[i]));
      }
    } else {
      line.append(call.callName()).append('(');
      while (printed < StraceArguments.count(call, a)
          && !arguments.isResult(call.arguments[printed])) {
        next(call, a, 0);
      }
    }
    flush();
  }

  private void next(Syscall call, long[] a, long result) {
    line.append(printed == 0 ? "" : ", ");
    arguments.print(line, call, printed, a, result);
    printed++;
  }

  /** The call is over. */
  void leave(Syscall call, long[] a, long result) {
    synchronized (output) {
      if (output.open != this) {
        output.begin(this);
        column = 0;
        line.append("<... ").append(call == null ? "syscall" : call.callName());
        line.append(" resumed>");
      }
      finish(call, a, result);
      output.open = null;
    }
  }

  private void finish(Syscall call, long[] a, long result) {
    while (call != null && printed < StraceArguments.count(call, a)) {
      next(call, a, result);
    }
    complete(resultText(call, result));
  }

  private void complete(String result) {
    line.append(')');
    for (int i = column + line.length(); i < RESULT_COLUMN - 1; i++) {
      line.append(' ');
    }
    line.append(" = ").append(result).append('\n');
    flush();
  }

  private static String resultText(Syscall call, long result) {
    if (call == Syscall.EXIT || call == Syscall.EXIT_GROUP) {
      return "?";
    }
    if (result == HostKernel.RESTARTED) {
      return "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
    }
    if (result == HostKernel.ENDED_BY_HANDLER) {
      return "? ERESTARTNOHAND (To be restarted if no handler)";
    }
    if (result == HostKernel.CONTINUED) {
      return "? ERESTART_RESTARTBLOCK (Interrupted by signal)";
    }
    if (HostKernel.failed(result) && call != Syscall.RT_SIGRETURN) {
      int errno = (int) -result;
      return "-1 " + Errno.name(errno) + " (" + ErrorText.of(errno) + ")";
    }
    if (call != null && (call.group == Group.MEMORY || call == Syscall.RT_SIGRETURN)) {
      return result == 0 ? "0" : "0x" + Long.toHexString(result);
    }
    return Long.toString(result);
  }

  private void delivered(SignalInfo info) {
    synchronized (output) {
      output.begin(this);
      describe(info);
    }
  }

  private void describe(SignalInfo info) {
    line.append("--- ").append(Signal.name(info.signal())).append(' ');
    StraceStructures.signalInfo(line, info);
    line.append(" ---\n");
    flush();
  }

  /** The thread is gone. */
  void ended(ProcessEnd end) {
    synchronized (output) {
      output.begin(this);
      describe(end);
    }
  }

  private void describe(ProcessEnd end) {
    if (end.signal() == null) {
      line.append("+++ exited with ").append(end.status()).append(" +++\n");
    } else {
      line.append("+++ killed by ").append(Signal.name(end.signal().signal())).append(" +++\n");
    }
    flush();
  }

  private void flush() {
    output.write(line);
    column += line.length();
    line.setLength(0);
  }
}
