package dev.isomorph.engine;

/**
 * Why guest code stopped. The hart's pc is that of the instruction that stopped, for {@link Polled}
 * and {@link Watched} that of the next one.
 */
public sealed interface Stop {
  /** ecall. */
  record SystemCall() implements Stop {}

  /**
   * ecall, and emitted code has made the call. It had no effect, or one that means more than its
   * result.
   *
   * @param result the host's answer, as of {@code HostCalls.interruptibleSyscall}
   */
  record CallMade(long result) implements Stop {}

  /** ebreak. */
  record Breakpoint() implements Stop {}

  /** There is one of the {@linkplain Engine#breakAt breakpoints}; the guest knows nothing of it. */
  record AtBreakpoint() implements Stop {}

  /** The instruction before pc has accessed data that is {@linkplain Mmu#hasTripped watched}. */
  record Watched() implements Stop {}

  /** An encoding that is reserved, unknown or not enabled; {@code encoding} 16 or 32 bits. */
  record IllegalInstruction(int encoding) implements Stop {}

  /**
   * An instruction of a whole machine that is for its state to decide on; it has not been executed.
   * {@code encoding} 16 or 32 bits.
   */
  record Privileged(int encoding) implements Stop {}

  /**
   * A memory access the guest has no right to.
   *
   * @param address the guest address, as si_addr and stval report it
   * @param access what was attempted
   * @param signal the host signal: SIGSEGV (11), or SIGBUS (7) beyond a file's end
   */
  record MemoryFault(long address, Access access, int signal) implements Stop {}

  /** A misaligned atomic access; {@code write} for all but a load-reserved. */
  record Misaligned(long address, boolean write) implements Stop {}

  /** The poll flag was set. */
  record Polled() implements Stop {}

  /** The kinds of memory access. */
  enum Access {
    /** A load or a store; which one is not known. */
    DATA,
    LOAD,
    STORE,
    EXECUTE
  }
}
