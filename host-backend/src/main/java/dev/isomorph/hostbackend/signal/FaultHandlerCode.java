package dev.isomorph.hostbackend.signal;

import static dev.isomorph.hostbackend.asm.Gpr.R10;
import static dev.isomorph.hostbackend.asm.Gpr.R8;
import static dev.isomorph.hostbackend.asm.Gpr.R9;
import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static dev.isomorph.hostbackend.asm.Gpr.RSI;
import static dev.isomorph.hostbackend.asm.Gpr.RSP;

import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * The handler of faults: edi = signal, rsi = siginfo, rdx = context. It may destroy any register
 * but rsp, since returning from it restores them all; until it jumps on to the previous handler it
 * keeps the three arguments.
 */
final class FaultHandlerCode {
  private final Assembler asm = new Assembler();
  private final Label previous = new Label();
  private final long table;

  private FaultHandlerCode(long table) {
    this.table = table;
  }

  /** Returns position-independent code for a handler that reads the {@link FaultTable}. */
  static byte[] assemble(long table) {
    FaultHandlerCode code = new FaultHandlerCode(table);
    code.findRange();
    code.leaveEmittedCode();
    code.passOn();
    return code.asm.code();
  }

  /** r9 = the range that rip is in; without one, or if the signal was sent: to previous. */
  private void findRange() {
    asm.movImm(R8, table);
    asm.cmp(4, Mem.of(RSI, SignalFrame.SI_CODE), 0);
    asm.jcc(Cond.LE, previous);
    find(
        Mem.of(RDX, SignalFrame.CONTEXT_RIP),
        FaultTable.COUNT,
        FaultTable.RANGES,
        FaultTable.RANGE_STRIDE,
        previous);
  }

  /** r9 = the entry of a list that an address is in; without one: to {@code none}. */
  private void find(Mem address, int count, int entries, int stride, Label none) {
    Label next = new Label();
    Label found = new Label();
    asm.mov(4, RCX, Mem.of(R8, count));
    asm.lea(8, R9, Mem.of(R8, entries));
    asm.bind(next);
    asm.sub(4, RCX, 1);
    asm.jcc(Cond.L, none);
    asm.mov(8, RAX, address);
    asm.sub(8, RAX, Mem.of(R9, FaultTable.BASE));
    asm.cmp(8, RAX, Mem.of(R9, FaultTable.LENGTH));
    asm.jcc(Cond.B, found);
    asm.add(8, R9, stride);
    asm.jmp(next);
    asm.bind(found);
  }

  private void leaveEmittedCode() {
    asm.mov(8, RCX, Mem.of(RDX, SignalFrame.CONTEXT_RBP));
    asm.mov(8, R10, Mem.of(RSI, SignalFrame.SI_ADDR));
    report(FaultTable.RANGE_ADDRESS_SLOT, 8, R10);
    asm.mov(8, R10, Mem.of(RDX, SignalFrame.CONTEXT_RIP));
    report(FaultTable.RANGE_PC_SLOT, 8, R10);
    report(FaultTable.RANGE_SIGNAL_SLOT, 4, RDI);
    asm.mov(4, R10, Mem.of(RSI, SignalFrame.SI_CODE));
    report(FaultTable.RANGE_CODE_SLOT, 4, R10);
    asm.mov(4, R10, Mem.of(RDX, SignalFrame.CONTEXT_ERROR));
    report(FaultTable.RANGE_ERROR_SLOT, 4, R10);
    asm.mov(8, RAX, Mem.of(R9, FaultTable.RANGE_EXIT));
    asm.mov(8, Mem.of(RDX, SignalFrame.CONTEXT_RIP), RAX);
    asm.ret();
  }

  /** Stores a value in the register file (rcx), where that field of the range says. */
  private void report(int slotField, int size, Gpr value) {
    asm.movsxd(RAX, Mem.of(R9, slotField));
    asm.mov(size, Mem.of(RCX, RAX, 1, 0), value);
  }

  private void passOn() {
    Label byDefault = new Label();
    Label done = new Label();
    asm.bind(previous);
    disguise();
    asm.mov(4, RAX, RDI);
    asm.mov(8, RAX, Mem.of(R8, RAX, 8, FaultTable.PREVIOUS));
    asm.cmp(8, RAX, (int) SignalAction.IGNORE);
    asm.jcc(Cond.B, byDefault);
    asm.jcc(Cond.E, done);
    asm.jmp(RAX);
    asm.bind(done);
    // A signal that was sent can be ignored, a fault cannot.
    asm.cmp(4, Mem.of(RSI, SignalFrame.SI_CODE), 0);
    asm.jcc(Cond.G, byDefault);
    asm.ret();
    asm.bind(byDefault);
    dieByDefault();
  }

  /**
   * The JVM turns a SIGBUS at an access by Java into an InternalError, since files may become
   * shorter, but takes a SIGSEGV there for its own fault. Memory that others may unmap is like such
   * a file: a fault in it is passed on as SIGBUS.
   */
  private void disguise() {
    Label done = new Label();
    asm.cmp(4, RDI, Signals.SIGSEGV);
    asm.jcc(Cond.NE, done);
    asm.cmp(4, Mem.of(RSI, SignalFrame.SI_CODE), 0);
    asm.jcc(Cond.LE, done);
    find(
        Mem.of(RSI, SignalFrame.SI_ADDR),
        FaultTable.MEMORY_COUNT,
        FaultTable.MEMORIES,
        FaultTable.MEMORY_STRIDE,
        done);
    asm.movImm(RDI, Signals.SIGBUS);
    asm.bind(done);
  }

  /**
   * Restores the default action and sends the signal again; it strikes when the handler returns.
   */
  private void dieByDefault() {
    asm.push(RDI);
    for (int i = 0; i < 4; i++) {
      asm.push(0); // a struct sigaction of zeros
    }
    asm.mov(8, RSI, RSP);
    asm.xor(4, RDX, RDX);
    asm.movImm(R10, 8);
    call(HostLinux.RT_SIGACTION);
    asm.add(8, RSP, 32);
    call(HostLinux.GETPID);
    asm.mov(8, RDI, RAX);
    call(HostLinux.GETTID);
    asm.mov(8, RSI, RAX);
    asm.pop(RDX);
    call(HostLinux.TGKILL);
    asm.ret();
  }

  private void call(int number) {
    asm.movImm(RAX, number);
    asm.syscall();
  }
}
