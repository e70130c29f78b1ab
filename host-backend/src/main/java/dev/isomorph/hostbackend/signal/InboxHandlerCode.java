package dev.isomorph.hostbackend.signal;

import static dev.isomorph.hostbackend.asm.Gpr.R10;
import static dev.isomorph.hostbackend.asm.Gpr.R8;
import static dev.isomorph.hostbackend.asm.Gpr.R9;
import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static dev.isomorph.hostbackend.asm.Gpr.RSI;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;

/**
 * The handler of signals for the guest: edi = signal, rsi = siginfo, rdx = context. It may destroy
 * any register but rsp, since returning from it restores them all.
 *
 * <p>It runs on whatever thread the kernel chose, which may be one of the JVM's own.
 */
final class InboxHandlerCode {
  private final Assembler asm = new Assembler();
  private final Label queue = new Label();
  private final Label full = new Label();
  private final Label announce = new Label();
  private final Label forward = new Label();
  private final Label kick = new Label();
  private final Label done = new Label();
  private final HostCalls.SystemCallWindow window = HostCalls.window();

  private InboxHandlerCode() {}

  /**
   * The assembled handler.
   *
   * @param code position-independent; the handler starts at offset 0
   * @param kickOffset where the part begins that only takes the interrupted thread out of the
   *     window
   */
  record Assembled(byte[] code, int kickOffset) {}

  /** Returns a handler that works on the structure at {@code inbox}. */
  static Assembled assemble(long inbox) {
    InboxHandlerCode code = new InboxHandlerCode();
    code.separate(inbox);
    code.enqueue();
    code.wakeGuest();
    code.leaveWindow();
    code.passOn();
    return new Assembled(code.asm.code(), code.kick.position());
  }

  /** r8 = inbox, r9 = context; what is meant for the JVM, and kicks, go to forward. */
  private void separate(long inbox) {
    Label notOurs = new Label();
    asm.movImm(R8, inbox);
    asm.mov(8, R9, RDX);
    asm.mov(4, RDI, RDI);
    asm.mov(4, RAX, Mem.of(RSI, SignalFrame.SI_CODE));
    // What this process sends to one of its threads is the JVM suspending it, or a kick.
    asm.cmp(4, RAX, SignalFrame.SI_TKILL);
    asm.jcc(Cond.NE, notOurs);
    asm.mov(4, RCX, Mem.of(RSI, SignalFrame.SI_PID));
    asm.cmp(4, RCX, Mem.of(R8, InboxLayout.PROCESS));
    asm.jcc(Cond.E, forward);
    asm.bind(notOurs);
    // A fault of the JVM's own code.
    asm.test(4, RAX, RAX);
    asm.jcc(Cond.LE, queue);
    asm.movImm(RCX, Signals.setOf(Signals.faults()) << 1);
    asm.bt(8, RCX, RDI);
    asm.jcc(Cond.B, forward);
  }

  private void enqueue() {
    Label claim = new Label();
    asm.bind(queue);
    asm.lock();
    asm.inc(4, Mem.of(R8, InboxLayout.ACTIVE));
    asm.mov(4, RAX, Mem.of(R8, InboxLayout.TAIL));
    asm.bind(claim);
    asm.mov(4, RCX, RAX);
    asm.sub(4, RCX, Mem.of(R8, InboxLayout.HEAD));
    asm.cmp(4, RCX, InboxLayout.CAPACITY);
    asm.jcc(Cond.AE, full);
    asm.lea(4, RCX, Mem.of(RAX, 1));
    asm.lock();
    asm.cmpxchg(4, Mem.of(R8, InboxLayout.TAIL), RCX);
    asm.jcc(Cond.NE, claim);
    asm.and(4, RAX, InboxLayout.CAPACITY - 1);
    asm.shift(ShiftOp.SHL, 4, RAX, Integer.numberOfTrailingZeros(SignalFrame.SIGINFO));
    asm.lea(8, R10, Mem.of(R8, RAX, 1, InboxLayout.QUEUE));
    // All but the word with the signal's number, then that.
    for (int offset = 8; offset < SignalFrame.SIGINFO; offset += 8) {
      asm.mov(8, RAX, Mem.of(RSI, offset));
      asm.mov(8, Mem.of(R10, offset), RAX);
    }
    asm.mov(8, RAX, Mem.of(RSI, SignalFrame.SI_SIGNO));
    asm.mov(8, Mem.of(R10, SignalFrame.SI_SIGNO), RAX);
    asm.jmp(announce);
    asm.bind(full);
    asm.lea(4, RCX, Mem.of(RDI, -1));
    asm.movImm(RAX, 1);
    asm.shiftCl(ShiftOp.SHL, 8, RAX);
    asm.lock();
    asm.or(8, Mem.of(R8, InboxLayout.OVERFLOW), RAX);
  }

  private void wakeGuest() {
    asm.bind(announce);
    asm.mov(8, RAX, Mem.of(R8, InboxLayout.POLL_FLAG));
    asm.mov(1, Mem.of(RAX), 1);
    asm.lock();
    asm.dec(4, Mem.of(R8, InboxLayout.ACTIVE));
    call(HostLinux.GETTID);
    asm.mov(4, RSI, Mem.of(R8, InboxLayout.THREAD));
    asm.cmp(4, RAX, RSI);
    asm.jcc(Cond.E, kick);
    asm.test(4, RSI, RSI);
    asm.jcc(Cond.E, done);
    asm.mov(4, RDI, Mem.of(R8, InboxLayout.PROCESS));
    asm.mov(4, RDX, Mem.of(R8, InboxLayout.KICK));
    call(HostLinux.TGKILL);
    asm.bind(done);
    asm.ret();
  }

  /** A thread that was about to enter the kernel does not; r9 = context. */
  private void leaveWindow() {
    asm.bind(kick);
    asm.mov(8, RAX, Mem.of(R9, SignalFrame.CONTEXT_RIP));
    asm.movImm(RCX, window.first());
    asm.sub(8, RAX, RCX);
    asm.cmp(8, RAX, (int) (window.last() - window.first()));
    asm.jcc(Cond.A, done);
    asm.movImm(RCX, window.pending());
    asm.mov(8, Mem.of(R9, SignalFrame.CONTEXT_RIP), RCX);
    asm.ret();
  }

  private void passOn() {
    asm.bind(forward);
    asm.mov(8, RAX, Mem.of(R8, RDI, 8, InboxLayout.PREVIOUS));
    asm.cmp(8, RAX, (int) SignalAction.IGNORE);
    asm.jcc(Cond.BE, queue);
    asm.jmp(RAX);
  }

  private void call(int number) {
    asm.movImm(RAX, number);
    asm.syscall();
  }
}
