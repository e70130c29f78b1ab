package dev.isomorph.processvm.elf;

import dev.isomorph.processvm.Errno;

/** Why a file cannot be run as a program: a reason in a line, the shell's status, Linux's errno. */
public final class ExecFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Status of a shell for a command that was found but cannot be run (XCU 2.8.2). */
  public static final int CANNOT_RUN = 126;

  /** Status of a shell for a command, or its interpreter, that was not found. */
  public static final int NOT_FOUND = 127;

  private final String file;
  private final String reason;
  private final int errno;
  private final boolean otherMachine;

  /**
   * Makes a failure.
   *
   * @param file the file's name as the user or guest gave it
   * @param reason one line without a full stop
   * @param errno what execve(2) returns, positive
   */
  public ExecFailure(String file, String reason, int errno) {
    this(file, reason, errno, false);
  }

  private ExecFailure(String file, String reason, int errno, boolean otherMachine) {
    super(shown(file) + ": " + reason, null, false, false);
    this.file = file;
    this.reason = reason;
    this.errno = errno;
    this.otherMachine = otherMachine;
  }

  /** Makes the failure that comes of a failed system call on the file. */
  static ExecFailure ofErrno(String file, int errno) {
    String reason =
        switch (errno) {
          case Errno.ENOENT -> "not found";
          case Errno.ENOTDIR -> "a part of the path is not a directory";
          case Errno.EACCES -> "permission denied";
          case Errno.ELOOP -> "too many symbolic links";
          case Errno.ENAMETOOLONG -> "name too long";
          case Errno.ENOMEM -> "not enough memory";
          case Errno.EMFILE, Errno.ENFILE -> "too many open files";
          default -> "cannot be opened: " + Errno.name(errno);
        };
    return new ExecFailure(file, reason, errno);
  }

  /** The same failure of an interpreter, told of the program or script that names it. */
  ExecFailure asInterpreterOf(String program) {
    String hint = errno == Errno.ENOENT ? " (--root names a folder that has it)" : "";
    String told = "interpreter " + shown(file) + ": " + reason + hint;
    return new ExecFailure(program, told, errno, otherMachine);
  }

  /** The same failure with another error number. */
  ExecFailure with(int other) {
    return new ExecFailure(file, reason, other, otherMachine);
  }

  /** The same failure, because the program is one of another machine, the host's perhaps. */
  ExecFailure ofOtherMachine() {
    return new ExecFailure(file, reason, errno, true);
  }

  /** Whether the program is one, but of another machine. */
  public boolean isOfOtherMachine() {
    return otherMachine;
  }

  public String file() {
    return file;
  }

  public String reason() {
    return reason;
  }

  /** What execve(2) returns, positive. */
  public int errno() {
    return errno;
  }

  /** The exit status a shell would give: 127 for what does not exist, else 126. */
  public int status() {
    return errno == Errno.ENOENT || errno == Errno.ENOTDIR ? NOT_FOUND : CANNOT_RUN;
  }

  /** The line for the user. */
  public String message() {
    return "isomorph: " + getMessage();
  }

  /** A name that a reader can see: an empty one as two quotes. */
  private static String shown(String name) {
    return name.isEmpty() ? "''" : name;
  }
}
