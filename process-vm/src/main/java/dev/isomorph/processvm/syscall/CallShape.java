package dev.isomorph.processvm.syscall;

/** What a system call takes and gives, for those who watch a guest from outside. */
public final class CallShape {
  private static final CallShape UNKNOWN = new CallShape(null);

  /** For structures whose kind the table does not tell: as large as any of them. */
  private static final long LARGEST_STRUCTURE = 256;

  private final Syscall call;

  private CallShape(Syscall call) {
    this.call = call;
  }

  /** The shape of the call of that number on riscv64; an unknown one takes and gives nothing. */
  public static CallShape of(long number) {
    Syscall call = Syscall.byNumber(number);
    return call == null ? UNKNOWN : new CallShape(call);
  }

  /** The call's name as in the manual pages. */
  public String name() {
    return call == null ? "unknown call" : call.callName();
  }

  /** Number of arguments. */
  public int arguments() {
    return call == null ? 0 : call.arguments.length;
  }

  /** Whether the argument is a file descriptor. */
  public boolean isDescriptor(int argument) {
    Arg.Kind kind = call.arguments[argument].kind;
    return kind == Arg.Kind.FD || kind == Arg.Kind.DIRFD;
  }

  /** Whether the result is a new file descriptor. */
  public boolean givesDescriptor() {
    return call != null
        && switch (call) {
          case OPENAT, OPENAT2, DUP, DUP3 -> true;
          default -> call.group == Group.OPEN;
        };
  }

  /** Whether the argument points to an array of iovec that the kernel fills. */
  public boolean isFilledVector(int argument) {
    return call.arguments[argument] == Arg.IOVEC && call.name().contains("READV");
  }

  /**
   * How many bytes the kernel may write where an argument points to, at most.
   *
   * @param next the value of the argument after it, which often is the size
   * @return 0 if it only reads there, or the argument is no pointer
   */
  public long mayWrite(int argument, long next) {
    return switch (call.arguments[argument]) {
      case OUT_BYTES -> next;
      case OUT_INT, OUT_WAIT_STATUS -> Integer.BYTES;
      case OUT_INT_PAIR, OUT_SIGSET -> Long.BYTES;
      case OUT_TIMESPEC, OUT_TIMEVAL, OUT_RLIMIT -> 2 * Long.BYTES;
      case OUT_SIGACTION -> 3 * Long.BYTES;
      case OUT_TIMER -> 4 * Long.BYTES;
      case OUT_STAT, OUT_SOCKADDR, OUT_SIGINFO -> 128;
      case OUT_UTSNAME -> 6 * 65;
      case POLLFDS -> Long.BYTES * next;
      case POINTER -> call == Syscall.RISCV_HWPROBE ? 2 * Long.BYTES * next : LARGEST_STRUCTURE;
      default -> 0;
    };
  }
}
