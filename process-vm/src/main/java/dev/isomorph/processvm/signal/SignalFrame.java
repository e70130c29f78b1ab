package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.HostMemory;

/**
 * The frame Linux leaves on a riscv64 thread's stack for a signal handler, byte for byte: struct
 * rt_sigframe, that is a siginfo_t and a struct ucontext (arch/riscv/kernel/signal.c;
 * asm/ucontext.h, asm/sigcontext.h).
 */
final class SignalFrame {
  private SignalFrame() {}

  static final int INFO = 0;
  static final int CONTEXT = SignalInfo.BYTES;
  static final int CONTEXT_FLAGS = 0;
  static final int CONTEXT_LINK = 8;
  static final int CONTEXT_STACK = 16;
  static final int CONTEXT_MASK = 40;

  /** uc_mcontext, aligned to 16 because of the Q extension's registers in it. */
  static final int MACHINE = 176;

  /** sc_regs: pc, then x1 to x31. */
  static final int INTEGERS = MACHINE;

  /** sc_fpregs as struct __riscv_d_ext_state: f0 to f31, then fcsr. */
  static final int FLOATS = INTEGERS + 256;

  static final int FCSR = FLOATS + 256;

  /** sc_extdesc.reserved, behind room for the Q registers; Linux wants 0 there. */
  static final int RESERVED = FLOATS + 516;

  /** Headers (magic, size) of further register state; {0, 0} ends them. */
  static final int EXTENSIONS = FLOATS + 520;

  static final int CONTEXT_BYTES = FLOATS + 528;
  static final int BYTES = CONTEXT + CONTEXT_BYTES;

  /** Writes a frame at a host address. */
  static void write(
      long host, SignalInfo info, GuestRegisters registers, AlternateStack stack, long mask) {
    info.write(host + INFO);
    long context = host + CONTEXT;
    HostMemory.putLong(context + CONTEXT_FLAGS, 0);
    HostMemory.putLong(context + CONTEXT_LINK, 0);
    HostMemory.putLong(context + CONTEXT_STACK, stack.base());
    HostMemory.putInt(context + CONTEXT_STACK + 8, stack.flags());
    HostMemory.putLong(context + CONTEXT_STACK + 16, stack.size());
    HostMemory.putLong(context + CONTEXT_MASK, mask);
    HostMemory.putLong(context + INTEGERS, registers.pc());
    for (int i = 1; i < 32; i++) {
      HostMemory.putLong(context + INTEGERS + 8 * i, registers.x(i));
    }
    for (int i = 0; i < 32; i++) {
      HostMemory.putLong(context + FLOATS + 8 * i, registers.f(i));
    }
    HostMemory.putInt(context + FCSR, registers.fcsr());
    HostMemory.putInt(context + RESERVED, 0);
    HostMemory.putLong(context + EXTENSIONS, 0);
  }

  /** Whether the register state of the frame at a host address is one Linux would take back. */
  static boolean restorable(long host) {
    long context = host + CONTEXT;
    return HostMemory.getInt(context + RESERVED) == 0
        && HostMemory.getLong(context + EXTENSIONS) == 0;
  }

  /** Loads the registers from the frame at a host address. */
  static void restore(long host, GuestRegisters registers) {
    long context = host + CONTEXT;
    registers.pc(HostMemory.getLong(context + INTEGERS));
    for (int i = 1; i < 32; i++) {
      registers.x(i, HostMemory.getLong(context + INTEGERS + 8 * i));
    }
    for (int i = 0; i < 32; i++) {
      registers.f(i, HostMemory.getLong(context + FLOATS + 8 * i));
    }
    registers.fcsr(HostMemory.getInt(context + FCSR));
  }

  static long mask(long host) {
    return HostMemory.getLong(host + CONTEXT + CONTEXT_MASK);
  }

  static AlternateStack stack(long host) {
    long stack = host + CONTEXT + CONTEXT_STACK;
    return new AlternateStack(
        HostMemory.getLong(stack), HostMemory.getInt(stack + 8), HostMemory.getLong(stack + 16));
  }
}
