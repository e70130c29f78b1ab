package dev.isomorph.processvm.syscall;

/** The arguments of clone(2), in the order of riscv64. */
record CloneRequest(long flags, long stack, long parentTid, long tls, long childTid) {
  // Flags of clone(2), linux/sched.h.
  static final long CLONE_VM = 0x100;
  static final long CLONE_FS = 0x200;
  static final long CLONE_FILES = 0x400;
  static final long CLONE_SIGHAND = 0x800;
  static final long CLONE_VFORK = 0x4000;
  static final long CLONE_THREAD = 0x10000;
  static final long CLONE_SYSVSEM = 0x40000;
  static final long CLONE_SETTLS = 0x80000;
  static final long CLONE_PARENT_SETTID = 0x100000;
  static final long CLONE_CHILD_CLEARTID = 0x200000;
  static final long CLONE_DETACHED = 0x400000;
  static final long CLONE_UNTRACED = 0x800000;
  static final long CLONE_CHILD_SETTID = 0x1000000;
  private static final long NEW_NAMESPACES = 0x7e02_0000;

  /** The low byte is the signal that tells the parent of the end; threads have none. */
  private static final long SIGNAL = 0xff;

  /** What a thread must share with its creator. */
  private static final long THREAD =
      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

  private static final long OPTIONS =
      CLONE_SYSVSEM
          | CLONE_SETTLS
          | CLONE_PARENT_SETTID
          | CLONE_CHILD_CLEARTID
          | CLONE_CHILD_SETTID
          | CLONE_DETACHED
          | CLONE_UNTRACED
          | SIGNAL;

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** Whether a thread of the same process is wanted, all of whose wishes can be met. */
  boolean isThread() {
    return (flags & THREAD) == THREAD && (flags & ~(THREAD | OPTIONS)) == 0;
  }

  /** Whether a process is wanted, all of whose wishes can be met. */
  boolean isProcess() {
    return (flags & ~(CLONE_VM | CLONE_VFORK | OPTIONS)) == 0;
  }

  /** Whether what is wanted is for the system's administrator. */
  boolean isPrivileged() {
    return has(NEW_NAMESPACES);
  }

  int exitSignal() {
    return (int) (flags & SIGNAL);
  }
}
