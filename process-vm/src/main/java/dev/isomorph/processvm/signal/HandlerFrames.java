package dev.isomorph.processvm.signal;

import static dev.isomorph.processvm.Errno.EPERM;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.processvm.memory.AddressSpace;

/**
 * The frames of a guest thread's signal handlers, on its stack or on the alternate one
 * (sigaltstack(2), arch/riscv/kernel/signal.c). For the thread itself.
 */
public final class HandlerFrames {
  private final AddressSpace memory;
  private final long trampoline;
  private AlternateStack alternate;

  /**
   * @param trampoline guest address of code that calls rt_sigreturn
   */
  HandlerFrames(AddressSpace memory, long trampoline, AlternateStack alternate) {
    this.memory = memory;
    this.trampoline = trampoline;
    this.alternate = alternate;
  }

  /** Those of a thread of the same memory, which has no alternate stack. */
  HandlerFrames newThread() {
    return new HandlerFrames(memory, trampoline, AlternateStack.NONE);
  }

  /** Those of a thread of a memory that is the same but another process's. */
  HandlerFrames newProcess(AddressSpace itsMemory) {
    return new HandlerFrames(itsMemory, trampoline, alternate);
  }

  public AlternateStack alternate() {
    return alternate;
  }

  /**
   * sigaltstack(2) without its pointers.
   *
   * @return 0 or a negative errno
   */
  public int changeAlternate(AlternateStack wanted, long sp) {
    if (alternate.contains(sp)) {
      return -EPERM;
    }
    int error = wanted.error();
    if (error == 0) {
      alternate = wanted.isDisabled() ? new AlternateStack(0, wanted.flags(), 0) : wanted;
    }
    return error;
  }

  /**
   * Builds a frame and sets the registers to those at the handler's entry.
   *
   * @param mask to be in force again when the handler returns
   * @return false, and nothing is changed, if there is no room
   */
  boolean push(GuestRegisters registers, SignalInfo info, SignalAction action, long mask) {
    long sp = registers.x(2);
    long frame = alternate.top(sp, action.has(SignalAction.SA_ONSTACK)) - SignalFrame.BYTES & -16L;
    boolean overflows = alternate.contains(sp) && !alternate.contains(sp - SignalFrame.BYTES);
    if (overflows || !memory.writable(frame, SignalFrame.BYTES)) {
      return false;
    }
    try {
      SignalFrame.write(memory.hostAddress(frame), info, registers, alternate, mask);
      HostCalls.settle();
    } catch (InternalError gone) {
      return false; // Another thread has unmapped the stack meanwhile.
    }
    registers.x(1, trampoline);
    registers.x(2, frame);
    registers.x(10, info.signal());
    registers.x(11, frame + SignalFrame.INFO);
    registers.x(12, frame + SignalFrame.CONTEXT);
    registers.pc(action.handler());
    if ((alternate.flags() & AlternateStack.SS_AUTODISARM) != 0) {
      alternate = AlternateStack.NONE;
    }
    return true;
  }

  /** The frame at the stack pointer; null if there is no memory for one. */
  Frame top(GuestRegisters registers) {
    long sp = registers.x(2);
    return memory.readable(sp, SignalFrame.BYTES) ? new Frame(memory.hostAddress(sp)) : null;
  }

  /** A frame in memory, of the bytes that the guest has left there. */
  final class Frame {
    private final long host;

    private Frame(long host) {
      this.host = host;
    }

    /** The mask it puts in force. */
    long mask() {
      return SignalFrame.mask(host);
    }

    /**
     * Takes the registers and the alternate stack back from it.
     *
     * @return false, and nothing is changed, if it is none
     */
    boolean restore(GuestRegisters registers) {
      if (!SignalFrame.restorable(host)) {
        return false;
      }
      SignalFrame.restore(host, registers);
      changeAlternate(SignalFrame.stack(host), registers.x(2));
      return true;
    }
  }
}
