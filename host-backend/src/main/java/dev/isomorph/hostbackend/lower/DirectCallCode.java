package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.StateSlot;

/**
 * The stub that an ecall calls: it makes the system call if {@link DirectCalls} has it, and returns
 * with the guest's registers in their homes. In all other cases it leaves to Java.
 *
 * <p>The kernel is entered through {@code HostCalls.interruptibleSyscall}'s window, so a signal
 * gets the thread out of the call as it gets Java out of it. While the thread may wait there it is
 * not in any block: {@link RegisterFile#IN_CALL} says so to whoever wants to take blocks away.
 * Between clearing that and going back to the block lies a look at the poll flag; whoever takes
 * blocks away has set the flag before he looks whether the thread is in a call.
 */
final class DirectCallCode {
  /** Where Linux wants arguments on x86-64 (syscall(2)). */
  private static final Gpr[] ARGUMENTS = {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.R10, Gpr.R8, Gpr.R9};

  private static final int FIRST_ARGUMENT = 10;
  private static final int NUMBER = 17;
  private static final int FIRST_ERROR = -4095;
  private static final int NO_RESERVATION = -1;

  private static final int FUTEX_WAKE = 1;
  private static final int FUTEX_PRIVATE_FLAG = 128;

  /** Errors that mean more to the guest's thread than a result. */
  private static final long UNSETTLED =
      1L << HostLinux.EINTR | 1L << HostLinux.EFBIG | 1L << HostLinux.EPIPE;

  private final Assembler asm;
  private final int exit;
  private final Label toJava = new Label();

  /**
   * @param exit offset of the code that leaves to Java with a reason in rax
   */
  DirectCallCode(Assembler asm, int exit) {
    this.asm = asm;
    this.exit = exit;
  }

  /** Emits the stub; {@link RegisterFile#PC} is that of the ecall when it is called. */
  void emit() {
    Label success = new Label();
    Label failure = new Label();
    Label polled = new Label();
    keepRegisters();
    findRow();
    loadArguments();
    asm.mov(8, state(RegisterFile.RESERVATION_ADDRESS), NO_RESERVATION);
    asm.lea(8, Gpr.R11, state(RegisterFile.POLL));
    inCall(1);
    asm.movzx(2, Gpr.RAX, Gpr.RAX);
    asm.call(state(RegisterFile.CALL_WINDOW));
    // The kernel puts its flags into r11, so what is in there tells whether it was entered.
    asm.mov(8, Gpr.RDX, Gpr.R11);
    inCall(0);
    restoreRegisters();
    asm.cmp(8, Gpr.RAX, FIRST_ERROR);
    asm.jcc(Cond.AE, failure);
    asm.bind(success);
    asm.mov(8, home(FIRST_ARGUMENT), Gpr.RAX);
    asm.cmp(1, state(RegisterFile.POLL), 0);
    asm.jcc(Cond.NE, polled);
    asm.ret();

    asm.bind(failure);
    settle(success);
    asm.bind(polled);
    asm.add(8, state(RegisterFile.PC), ExitLowering.ECALL_LENGTH);
    leave(ExitReason.POLL);
    asm.bind(toJava);
    restoreRegisters();
    leave(ExitReason.SYSTEM_CALL);
  }

  /** The kernel destroys rcx and r11, the arguments' places are taken. */
  private static boolean isTaken(Gpr home) {
    for (Gpr argument : ARGUMENTS) {
      if (home == argument) {
        return true;
      }
    }
    return home == Gpr.RAX || home == Gpr.RCX || home == Gpr.R11;
  }

  private void keepRegisters() {
    for (int x = 1; x < StateSlot.F0; x++) {
      Gpr home = home(x);
      boolean isArgument = x >= FIRST_ARGUMENT && x < FIRST_ARGUMENT + ARGUMENTS.length;
      if (home != null && (isArgument || isTaken(home))) {
        asm.mov(8, slot(x), home);
      }
    }
  }

  private void restoreRegisters() {
    for (int x = 1; x < StateSlot.F0; x++) {
      Gpr home = home(x);
      if (home != null && isTaken(home)) {
        asm.mov(8, home, slot(x));
      }
    }
  }

  /** Loads the row of the call into eax. */
  private void findRow() {
    asm.mov(8, Gpr.RCX, state(RegisterFile.DIRECT_CALLS));
    asm.test(8, Gpr.RCX, Gpr.RCX);
    asm.jcc(Cond.E, toJava);
    asm.mov(8, Gpr.RAX, slot(NUMBER));
    asm.cmp(8, Gpr.RAX, DirectCalls.ROWS);
    asm.jcc(Cond.AE, toJava);
    asm.mov(4, Gpr.RAX, Mem.of(Gpr.RCX, Gpr.RAX, Integer.BYTES, 0));
    asm.test(4, Gpr.RAX, Gpr.RAX);
    asm.jcc(Cond.E, toJava);
  }

  private void loadArguments() {
    for (int i = 0; i < ARGUMENTS.length; i++) {
      asm.mov(8, ARGUMENTS[i], slot(FIRST_ARGUMENT + i));
    }
    translateDescriptor();
    for (int i = 0; i < ARGUMENTS.length; i++) {
      translatePointer(ARGUMENTS[i], DirectCalls.pointerBit(i));
    }
    checkFutex();
  }

  /** Branches if the row lacks a bit. */
  private Label unlessHas(int bit) {
    Label without = new Label();
    asm.test(4, Gpr.RAX, bit);
    asm.jcc(Cond.E, without);
    return without;
  }

  private void translateDescriptor() {
    Label none = unlessHas(DirectCalls.DESCRIPTOR);
    asm.mov(4, Gpr.RDI, Gpr.RDI);
    asm.cmp(4, Gpr.RDI, DirectCalls.DESCRIPTORS);
    asm.jcc(Cond.AE, toJava);
    asm.mov(8, Gpr.RCX, state(RegisterFile.DESCRIPTORS));
    asm.mov(4, Gpr.RDI, Mem.of(Gpr.RCX, Gpr.RDI, Integer.BYTES, 0));
    asm.test(4, Gpr.RDI, Gpr.RDI);
    asm.jcc(Cond.S, toJava);
    asm.bind(none);
  }

  private void translatePointer(Gpr pointer, int bit) {
    Label none = unlessHas(bit);
    asm.cmp(8, pointer, state(RegisterFile.POINTER_LIMIT));
    asm.jcc(Cond.AE, toJava);
    asm.test(8, pointer, pointer);
    asm.jcc(Cond.E, none);
    asm.add(8, pointer, RegisterMap.MEMORY);
    asm.bind(none);
  }

  private void checkFutex() {
    Label fits = unlessHas(DirectCalls.FUTEX);
    asm.mov(4, Gpr.RCX, Gpr.RSI);
    asm.and(4, Gpr.RCX, ~FUTEX_PRIVATE_FLAG);
    asm.cmp(4, Gpr.RCX, FUTEX_WAKE);
    asm.jcc(Cond.A, toJava);
    asm.jcc(Cond.E, fits);
    asm.test(8, Gpr.R10, Gpr.R10);
    asm.jcc(Cond.NE, toJava);
    asm.bind(fits);
  }

  /** Changes IN_CALL, and has all other threads see that before anything that comes after it. */
  private void inCall(int value) {
    asm.movImm(Gpr.RCX, value);
    asm.xchg(4, state(RegisterFile.IN_CALL), Gpr.RCX);
  }

  /** Goes on for an error that is nothing but a result; rdx is what r11 was after the call. */
  private void settle(Label success) {
    Label wasEntered = new Label();
    Label unsettled = new Label();
    asm.cmp(8, Gpr.RAX, -HostLinux.ERESTARTSYS);
    asm.jcc(Cond.NE, wasEntered);
    asm.lea(8, Gpr.RCX, state(RegisterFile.POLL));
    asm.cmp(8, Gpr.RDX, Gpr.RCX);
    asm.jcc(Cond.NE, unsettled);
    leave(ExitReason.POLL);
    asm.bind(wasEntered);
    asm.mov(8, Gpr.RCX, Gpr.RAX);
    asm.neg(8, Gpr.RCX);
    asm.cmp(8, Gpr.RCX, Long.SIZE);
    asm.jcc(Cond.AE, success);
    asm.movImm(Gpr.RDX, UNSETTLED);
    asm.bt(8, Gpr.RDX, Gpr.RCX);
    asm.jcc(Cond.AE, success);
    asm.bind(unsettled);
    asm.mov(8, state(RegisterFile.CALL_RESULT), Gpr.RAX);
    leave(ExitReason.CALL_MADE);
  }

  private void leave(ExitReason reason) {
    asm.movImm(Gpr.RAX, reason.ordinal());
    asm.jmpTo(exit);
  }

  private static Mem slot(int x) {
    return state(RegisterFile.slot(StateSlot.x(x)));
  }

  /** The host register that integer register x lives in, null for none. */
  private static Gpr home(int x) {
    int host = RegisterMap.FIXED.homeOf(StateSlot.x(x));
    return host == RegisterMap.NO_REGISTER ? null : RegisterMap.gpr(host);
  }
}
