package dev.isomorph.hostbackend.signal;

import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static dev.isomorph.hostbackend.asm.Gpr.RSI;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * Finds out which instruction another thread of this process is at. A signal goes to the thread,
 * and its handler, emitted code, stores the pc it interrupts. System calls that the signal breaks
 * off are made again by the kernel, or by those who make calls for guests.
 *
 * <p>Takes one real-time signal for good when first opened.
 */
public final class PcProbe {
  private static final int RT_TGSIGQUEUEINFO = 297; // x86-64 (asm/unistd_64.h).

  /** si_code of a signal that brings a value along, and where that is (asm-generic/siginfo.h). */
  private static final int SI_QUEUE = -1;

  private static final int SI_VALUE = 24;

  private static PcProbe opened;

  /** 0 as long as no probe is open. */
  private static volatile int signal;

  private final long process = HostCalls.syscall(HostLinux.GETPID, 0, 0, 0, 0, 0, 0);
  private final long siginfo = HostMemory.allocate(SignalFrame.SIGINFO);

  private PcProbe() {
    signal = Signals.unused();
    byte[] code = handler();
    ExecutableMemory memory = new ExecutableMemory(code.length);
    memory.copyIn(code, 0, 0, code.length);
    new SignalAction(0, SignalAction.SA_RESTART, 0, -1).withHandler(memory.rx(0)).install(signal);
  }

  /**
   * The probe of this process.
   *
   * @throws IllegalStateException if no real-time signal is left
   */
  public static synchronized PcProbe open() {
    if (opened == null) {
      opened = new PcProbe();
    }
    return opened;
  }

  /** Whether a signal is the one by which threads are asked. */
  static boolean isTaken(int signo) {
    return signo == signal && signal != 0;
  }

  /** Stores the interrupted pc where the signal's value says. */
  private static byte[] handler() {
    Assembler asm = new Assembler();
    asm.mov(8, RAX, Mem.of(RSI, SI_VALUE));
    asm.mov(8, RCX, Mem.of(RDX, SignalFrame.CONTEXT_RIP));
    asm.mov(8, Mem.of(RAX, 0), RCX);
    asm.ret();
    return asm.code();
  }

  /**
   * Asks a thread; the answer comes as soon as it runs.
   *
   * @param thread the kernel's id of a thread; where there is no such thread, no answer comes
   * @param answer where its pc is to be stored, 8 bytes that are never given back
   */
  public synchronized void ask(int thread, long answer) {
    HostMemory.putInt(siginfo + SignalFrame.SI_SIGNO, signal);
    HostMemory.putInt(siginfo + SignalFrame.SI_CODE, SI_QUEUE);
    HostMemory.putInt(siginfo + SignalFrame.SI_PID, (int) process);
    HostMemory.putLong(siginfo + SI_VALUE, answer);
    HostCalls.syscall(RT_TGSIGQUEUEINFO, process, thread, signal, siginfo, 0, 0);
  }
}
