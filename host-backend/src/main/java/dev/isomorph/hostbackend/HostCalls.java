package dev.isomorph.hostbackend;

/**
 * The few calls that leave Java for machine code: JNI natives bound to code that Isomorph wrote
 * itself.
 *
 * <p>A thread inside one of these is "in native" for the JVM: garbage collection goes on meanwhile,
 * however long the call takes. Initialising this class loads the code.
 *
 * @throws UnsatisfiedLinkError from the class initialiser, with a one-line message, when no folder
 *     can hold executable files
 */
public final class HostCalls {
  static {
    HostLibrary.load();
  }

  private HostCalls() {}

  /**
   * Calls the machine code at {@code code} with {@code state} in rdi and returns its rax.
   *
   * <p>All of the caller's registers are saved around the call, so the code may use every register
   * and needs only to bring rsp back, aligned as at its entry (rsp + 8 is a multiple of 16, as
   * after any call). It must return with the direction flag clear, MXCSR's control bits and the x87
   * state as found, and should execute {@code vzeroupper} if it used upper halves.
   */
  public static native long enter(long code, long state);

  /**
   * Makes a Linux system call.
   *
   * @param number x86-64 system call number
   * @return the kernel's answer: a negative errno from -4095 on is a failure
   */
  public static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  /**
   * Makes a system call unless the byte at {@code flag} is set, and never misses its being set:
   * whoever sets the flag and then sends this thread a signal whose handler knows {@link #window}
   * makes the call return at once, be it about to enter the kernel or blocked in it.
   *
   * @return the kernel's answer, or -{@link HostLinux#ERESTARTSYS} when the call had no effect and
   *     may be made again: the flag was set before the kernel was entered, or the kernel would have
   *     restarted it after a signal handler with SA_RESTART. A call that the kernel never restarts
   *     after a handler gives -EINTR (signal(7), "Interruption of system calls").
   */
  public static native long interruptibleSyscall(
      long flag, long number, long a, long b, long c, long d, long e, long f);

  /**
   * Does nothing, but is a call: an {@link InternalError} because of an earlier access to memory
   * that is gone has been thrown when it returns.
   */
  public static native void settle();

  /**
   * Executes cpuid with {@code leaf} in eax and {@code subleaf} in ecx and stores eax, ebx, ecx,
   * edx as four ints at {@code result}.
   */
  static native void cpuid(int leaf, int subleaf, long result);

  /** Returns extended control register 0; only where cpuid tells OSXSAVE. */
  static native long xgetbv();

  private static native long windowFirst();

  private static native long windowLast();

  private static native long windowPending();

  /** Where {@link #interruptibleSyscall} is between testing its flag and entering the kernel. */
  public static SystemCallWindow window() {
    return new SystemCallWindow(windowFirst(), windowLast(), windowPending());
  }

  /**
   * The stretch of host code in which a thread has not yet entered the kernel but may already have
   * found its flag clear.
   *
   * @param first address of the first instruction, the test of the flag
   * @param last address of the last, the {@code syscall}
   * @param pending where to continue instead of entering the kernel
   */
  public record SystemCallWindow(long first, long last, long pending) {}

  /**
   * Returns a system call's result, or throws if it is an error.
   *
   * @param doing what was attempted, for the message
   */
  public static long check(long result, String doing) {
    if (result < 0 && result >= -4095) {
      throw new IllegalStateException(doing + ": errno " + -result);
    }
    return result;
  }
}
