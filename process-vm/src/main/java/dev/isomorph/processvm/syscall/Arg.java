package dev.isomorph.processvm.syscall;

/**
 * What one argument of a system call is: how its register is turned into the host call's argument,
 * and how {@code --strace} prints it.
 */
enum Arg {
  INT(Kind.INT),
  UINT(Kind.UINT),
  LONG(Kind.LONG),
  SIZE(Kind.LONG),
  OFFSET(Kind.LONG),
  HEX(Kind.LONG),
  /** A guest address that is not followed as a pointer. */
  ADDRESS(Kind.LONG),
  OCTAL(Kind.UINT),
  PID(Kind.INT),
  /** A thread id; the only thread's own id becomes 0, "the caller", which the host understands. */
  TID(Kind.TID),
  UID(Kind.INT),
  CLOCK(Kind.INT),
  SIGNAL(Kind.INT),
  FD(Kind.FD),
  /** A directory descriptor or AT_FDCWD; the base of the path in the next argument. */
  DIRFD(Kind.DIRFD),

  /** A path of which the last component is followed if it is a symbolic link. */
  PATH(Kind.PATH),
  /** A path of which the last component is itself the object, symbolic link or not yet there. */
  PATH_ENTRY(Kind.PATH_ENTRY),
  /** A path followed unless the call's {@link #AT_FLAGS} hold AT_SYMLINK_NOFOLLOW. */
  PATH_AT(Kind.PATH_AT),

  /** A pointer to a structure that both architectures lay out alike. */
  POINTER(Kind.POINTER),
  STRING(Kind.POINTER),
  /** A pointer to an array of strings that ends with a null pointer. */
  STRINGS(Kind.POINTER),
  /** Such an array of which only the number of strings matters. */
  ENVIRONMENT(Kind.POINTER),
  /** A pointer to bytes the kernel reads; the next argument is their number. */
  IN_BYTES(Kind.BUFFER),
  /** A pointer to room the kernel fills; the next argument is its size. */
  OUT_BYTES(Kind.BUFFER),
  /** A pointer to an array of iovec; the next argument is their number. */
  IOVEC(Kind.POINTER),
  OUT_INT(Kind.POINTER),
  OUT_INT_PAIR(Kind.POINTER),
  IN_TIMESPEC(Kind.POINTER),
  OUT_TIMESPEC(Kind.POINTER),
  IN_TIMESPEC_PAIR(Kind.POINTER),
  OUT_TIMEVAL(Kind.POINTER),
  IN_TIMER(Kind.POINTER),
  OUT_TIMER(Kind.POINTER),
  IN_SIGSET(Kind.POINTER),
  OUT_SIGSET(Kind.POINTER),
  IN_SIGACTION(Kind.POINTER),
  OUT_SIGACTION(Kind.POINTER),
  IN_SOCKADDR(Kind.BUFFER),
  OUT_SOCKADDR(Kind.POINTER),
  OUT_STAT(Kind.POINTER),
  IN_RLIMIT(Kind.POINTER),
  OUT_RLIMIT(Kind.POINTER),
  POLLFDS(Kind.POINTER),
  OUT_UTSNAME(Kind.POINTER),
  OUT_WAIT_STATUS(Kind.POINTER),
  OUT_SIGINFO(Kind.POINTER),

  OPEN_FLAGS(Kind.INT),
  AT_FLAGS(Kind.INT),
  ACCESS_MODE(Kind.INT),
  WHENCE(Kind.INT),
  PROT(Kind.LONG),
  MAP_FLAGS(Kind.LONG),
  MREMAP_FLAGS(Kind.LONG),
  ADVICE(Kind.INT),
  CLONE_FLAGS(Kind.LONG),
  FCNTL_COMMAND(Kind.INT),
  IOCTL_COMMAND(Kind.UINT),
  LOCK_OPERATION(Kind.INT),
  SOCKET_FAMILY(Kind.INT),
  SOCKET_TYPE(Kind.INT),
  SOCKET_LEVEL(Kind.INT),
  MESSAGE_FLAGS(Kind.INT),
  EPOLL_OPERATION(Kind.INT),
  SIGMASK_HOW(Kind.INT),
  FUTEX_OPERATION(Kind.INT),
  RANDOM_FLAGS(Kind.INT),
  RLIMIT_RESOURCE(Kind.INT),
  PRCTL_OPTION(Kind.INT),
  WAIT_OPTIONS(Kind.INT),
  WAITID_OPTIONS(Kind.INT),
  WAIT_ID_TYPE(Kind.INT);

  /** How a register becomes an argument of the host's call. */
  enum Kind {
    INT,
    UINT,
    LONG,
    TID,
    FD,
    DIRFD,
    PATH,
    PATH_ENTRY,
    PATH_AT,
    POINTER,
    BUFFER
  }

  final Kind kind;

  Arg(Kind kind) {
    this.kind = kind;
  }
}
