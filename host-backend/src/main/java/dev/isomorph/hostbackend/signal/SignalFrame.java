package dev.isomorph.hostbackend.signal;

/**
 * Offsets into what the kernel hands to a signal handler on x86-64: siginfo_t in rsi and ucontext_t
 * in rdx (asm-generic/siginfo.h, asm/sigcontext.h).
 */
final class SignalFrame {
  private SignalFrame() {}

  static final int SI_SIGNO = 0;
  static final int SI_CODE = 8;
  static final int SI_ADDR = 16;
  static final int SI_PID = 16;

  /** Size of siginfo_t. */
  static final int SIGINFO = 128;

  static final int CONTEXT_RBP = 120;
  static final int CONTEXT_RIP = 168;
  static final int CONTEXT_ERROR = 192;

  /** si_code of a signal sent to one thread by tkill or tgkill. */
  static final int SI_TKILL = -6;
}
