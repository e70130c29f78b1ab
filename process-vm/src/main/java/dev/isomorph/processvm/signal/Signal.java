package dev.isomorph.processvm.signal;

/**
 * Signal numbers, which riscv64 and x86-64 share (asm-generic/signal.h), and what each does by
 * default (signal(7)).
 */
public final class Signal {
  private Signal() {}

  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGILL = 4;
  public static final int SIGTRAP = 5;
  public static final int SIGABRT = 6;
  public static final int SIGBUS = 7;
  public static final int SIGFPE = 8;
  public static final int SIGKILL = 9;
  public static final int SIGSEGV = 11;
  public static final int SIGUSR2 = 12;
  public static final int SIGPIPE = 13;
  public static final int SIGALRM = 14;
  public static final int SIGTERM = 15;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGTSTP = 20;
  public static final int SIGTTIN = 21;
  public static final int SIGTTOU = 22;
  public static final int SIGURG = 23;
  public static final int SIGXFSZ = 25;
  public static final int SIGWINCH = 28;
  public static final int SIGSYS = 31;
  public static final int SIGRTMIN = 32;
  public static final int LAST = 64;

  private static final String[] NAMES = {
    null,
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
  };

  /** What a signal does to a process that has not said otherwise. */
  enum DefaultAction {
    TERMINATE,
    DUMP_CORE,
    IGNORE,
    STOP
  }

  private static final long DUMPS =
      bit(SIGQUIT)
          | bit(SIGILL)
          | bit(SIGTRAP)
          | bit(SIGABRT)
          | bit(SIGBUS)
          | bit(SIGFPE)
          | bit(SIGSEGV)
          | bit(24)
          | bit(SIGXFSZ)
          | bit(SIGSYS);
  private static final long IGNORED = bit(SIGCHLD) | bit(SIGCONT) | bit(SIGURG) | bit(SIGWINCH);
  static final long STOPS = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);
  static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

  /** Signals an instruction causes; they are delivered before others. */
  static final long SYNCHRONOUS =
      bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGFPE) | bit(SIGSYS);

  /** Returns the member of a sigset_t that stands for {@code signal}, 1 to 64. */
  public static long bit(int signal) {
    return 1L << (signal - 1);
  }

  static DefaultAction defaultAction(int signal) {
    long bit = bit(signal);
    if ((bit & DUMPS) != 0) {
      return DefaultAction.DUMP_CORE;
    }
    if ((bit & IGNORED) != 0) {
      return DefaultAction.IGNORE;
    }
    return (bit & STOPS) != 0 ? DefaultAction.STOP : DefaultAction.TERMINATE;
  }

  /** Whether death by {@code signal} leaves a core dump. */
  public static boolean dumpsCore(int signal) {
    return (bit(signal) & DUMPS) != 0;
  }

  /** Returns the symbolic name, SIGRT_n for the n-th real-time signal, or the digits. */
  public static String name(int signal) {
    if (signal > 0 && signal < NAMES.length) {
      return NAMES[signal];
    }
    return signal >= SIGRTMIN && signal <= LAST
        ? (signal == SIGRTMIN ? "SIGRTMIN" : "SIGRT_" + (signal - SIGRTMIN))
        : Integer.toString(signal);
  }
}
