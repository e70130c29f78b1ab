package dev.isomorph.hostbackend;

/**
 * Numbers of the x86-64 Linux system call interface that the host side itself uses
 * (asm/unistd_64.h, asm-generic/mman.h, linux/memfd.h, asm/signal.h).
 */
public final class HostLinux {
  private HostLinux() {}

  public static final int READ = 0;
  public static final int WRITE = 1;
  public static final int OPEN = 2;
  public static final int CLOSE = 3;
  public static final int FSTAT = 5;
  public static final int LSEEK = 8;
  public static final int MMAP = 9;
  public static final int MPROTECT = 10;
  public static final int MUNMAP = 11;
  public static final int RT_SIGACTION = 13;
  public static final int RT_SIGPROCMASK = 14;
  public static final int MREMAP = 25;
  public static final int MADVISE = 28;
  public static final int SETITIMER = 38;
  public static final int GETPID = 39;
  public static final int KILL = 62;
  public static final int FTRUNCATE = 77;
  public static final int RENAME = 82;
  public static final int MKDIR = 83;
  public static final int UNLINK = 87;
  public static final int GETUID = 102;
  public static final int GETEUID = 107;
  public static final int PRCTL = 157;
  public static final int SETRLIMIT = 160;
  public static final int GETTID = 186;
  public static final int EXIT_GROUP = 231;
  public static final int TGKILL = 234;
  public static final int UTIMENSAT = 280;
  public static final int MEMFD_CREATE = 319;

  public static final int SEEK_DATA = 3;

  public static final int O_WRONLY = 1;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_DIRECTORY = 0x10000;
  public static final int O_NOFOLLOW = 0x20000;
  public static final int O_CLOEXEC = 0x80000;

  public static final int PROT_NONE = 0;
  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int PROT_EXEC = 4;
  public static final int MAP_SHARED = 1;
  public static final int MAP_PRIVATE = 2;
  public static final int MAP_FIXED = 0x10;
  public static final int MAP_ANONYMOUS = 0x20;
  public static final int MAP_NORESERVE = 0x4000;
  public static final int MAP_POPULATE = 0x8000;
  public static final int MAP_FIXED_NOREPLACE = 0x100000;

  public static final int MADV_DONTNEED = 4;
  public static final int MADV_REMOVE = 9;
  public static final int MFD_CLOEXEC = 1;

  public static final int EINTR = 4;
  public static final int EFBIG = 27;
  public static final int EPIPE = 32;

  /**
   * The kernel's own "start this call again" code (linux/errno.h), which it never lets out; {@link
   * HostCalls#interruptibleSyscall} gives it, negated, for a call the kernel would restart.
   */
  public static final int ERESTARTSYS = 512;
}
