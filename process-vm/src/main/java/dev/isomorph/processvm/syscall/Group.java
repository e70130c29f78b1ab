package dev.isomorph.processvm.syscall;

/** Who carries out a system call. */
enum Group {
  /** The host, by the same call with translated arguments; never waits for an outside event. */
  PASS,
  /** As {@link #PASS}, but it may wait, so a signal must be able to break it. */
  WAIT,
  /** As {@link #WAIT}, and the result is a new descriptor. */
  OPEN,
  FILES,
  PATHS,
  VECTORS,
  POLLS,
  EPOLLS,
  SOCKETS,
  MEMORY,
  TIME,
  SIGNALS,
  PROCESS,
  FAMILY,
  EXEC,
  THREADS,
  LIMITS,
  IOCTLS,
  IPC,
  /** Not offered: ENOSYS, as from a kernel built without it. */
  ABSENT,
  /** Meddles with the machine rather than the process: EPERM, as to an ordinary user. */
  DENIED
}
