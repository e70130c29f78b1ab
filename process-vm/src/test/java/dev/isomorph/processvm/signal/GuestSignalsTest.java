package dev.isomorph.processvm.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.signal.GuestSignals.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuestSignalsTest {
  private static final int SIGUSR1 = 10;
  private static final int SIGUSR2 = 12;
  private static final int SIGRT3 = 37;
  private static final long TRAMPOLINE = 0x5000;
  private static final long HANDLER = 0x1234;
  private static final long PC = 0x1000;
  private static final int STACK_BYTES = 1 << 16;

  private final AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
  private final QueuedSignals host = new QueuedSignals();
  private final TestAlarm alarm = new TestAlarm();
  private final GuestSignals signals = new GuestSignals(space, host, TRAMPOLINE, alarm);
  private final PlainRegisters registers = new PlainRegisters();
  private long stack;
  private long top;

  @BeforeEach
  void start() {
    stack = map();
    top = stack + STACK_BYTES;
    registers.pc(PC);
    registers.x(2, top - 8);
    registers.x(10, 99);
  }

  @AfterEach
  void end() {
    space.release();
  }

  private long map() {
    int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
    return space.mmap(0, STACK_BYTES, Mman.PROT_READ | Mman.PROT_WRITE, flags, -1, 0, null);
  }

  private void handle(int signal, long flags, long mask) {
    signals.action(signal, new SignalAction(HANDLER, flags, mask));
  }

  private void send(int signal) {
    signals.send(SignalInfo.sent(signal, SignalInfo.SI_USER, 1, 0));
  }

  private Delivery deliver() {
    return signals.deliver(registers, InterruptedCall.NONE);
  }

  @Test
  void handlerIsEnteredAsOnRiscv() {
    handle(SIGUSR1, SignalAction.SA_SIGINFO, Signal.bit(SIGUSR2));
    send(SIGUSR1);
    assertEquals(Delivery.HANDLER, deliver());
    long frame = registers.x(2);
    assertEquals(0, frame & 15);
    assertTrue(frame <= top - 8 - SignalFrame.BYTES && frame > top - 8 - SignalFrame.BYTES - 16);
    assertEquals(HANDLER, registers.pc());
    assertEquals(TRAMPOLINE, registers.x(1));
    assertEquals(SIGUSR1, registers.x(10));
    assertEquals(frame, registers.x(11));
    assertEquals(frame + 128, registers.x(12));
    assertEquals(Signal.bit(SIGUSR1) | Signal.bit(SIGUSR2), signals.blocked());
    assertEquals(SIGUSR1, HostMemory.getInt(space.hostAddress(frame)));

    signals.returnFromHandler(registers);
    assertEquals(PC, registers.pc());
    assertEquals(top - 8, registers.x(2));
    assertEquals(99, registers.x(10));
    assertEquals(0, signals.blocked());
  }

  @Test
  void defaultActionsAreThoseOfTheManual() {
    send(Signal.SIGCHLD);
    send(Signal.SIGWINCH);
    assertEquals(Delivery.NOTHING, deliver());
    send(Signal.SIGTERM);
    assertEquals(Delivery.DEATH, deliver());
    assertEquals(Signal.SIGTERM, signals.fatal().signal());
  }

  @Test
  void blockedSignalWaitsEvenIfIgnored() {
    signals.blocked(Signal.bit(SIGUSR1) | Signal.bit(Signal.SIGCHLD));
    send(SIGUSR1);
    send(Signal.SIGCHLD);
    assertEquals(Signal.bit(SIGUSR1) | Signal.bit(Signal.SIGCHLD), signals.pending());
    assertEquals(Delivery.NOTHING, deliver());
    signals.action(SIGUSR1, new SignalAction(SignalAction.IGNORE, 0, 0));
    assertEquals(Signal.bit(Signal.SIGCHLD), signals.pending());
    signals.blocked(0);
    assertEquals(Delivery.NOTHING, deliver());
  }

  @Test
  void onlyRealTimeSignalsQueue() {
    signals.blocked(-1);
    for (int i = 0; i < 3; i++) {
      send(SIGUSR1);
      signals.send(new SignalInfo(SIGRT3, 0, SignalInfo.SI_QUEUE, 0, i, 0, 0));
    }
    assertEquals(SIGUSR1, signals.accept(-1).signal());
    for (int i = 0; i < 3; i++) {
      assertEquals(i, signals.accept(-1).word1());
    }
    assertNull(signals.accept(-1));
  }

  @Test
  void lowestNumberComesFirstButFaultsBeforeAll() {
    signals.blocked(-1);
    send(SIGRT3);
    send(SIGUSR1);
    send(Signal.SIGHUP);
    signals.send(SignalInfo.fault(Signal.SIGSEGV, 1, 0));
    assertEquals(Signal.SIGSEGV, signals.accept(-1).signal());
    assertEquals(Signal.SIGHUP, signals.accept(-1).signal());
    assertEquals(SIGUSR1, signals.accept(-1).signal());
    assertEquals(SIGRT3, signals.accept(-1).signal());
  }

  @Test
  void continuingAndStoppingCancelEachOther() {
    signals.blocked(-1);
    send(Signal.SIGTSTP);
    send(Signal.SIGCONT);
    assertEquals(Signal.bit(Signal.SIGCONT), signals.pending());
    send(Signal.SIGTTIN);
    assertEquals(Signal.bit(Signal.SIGTTIN), signals.pending());
  }

  @Test
  void blockedFaultKills() {
    handle(Signal.SIGSEGV, 0, 0);
    signals.blocked(Signal.bit(Signal.SIGSEGV));
    signals.force(SignalInfo.fault(Signal.SIGSEGV, SignalInfo.SEGV_MAPERR, 0x10));
    assertEquals(Delivery.DEATH, deliver());
    assertEquals(0x10, signals.fatal().word0());
  }

  @Test
  void ignoredFaultKills() {
    signals.action(Signal.SIGILL, new SignalAction(SignalAction.IGNORE, 0, 0));
    signals.force(SignalInfo.fault(Signal.SIGILL, SignalInfo.ILL_ILLOPC, PC));
    assertEquals(Delivery.DEATH, deliver());
  }

  @Test
  void handlerWithoutStackKills() {
    handle(Signal.SIGSEGV, 0, 0);
    registers.x(2, 0x40);
    signals.force(SignalInfo.fault(Signal.SIGSEGV, SignalInfo.SEGV_MAPERR, 0x10));
    assertEquals(Delivery.DEATH, deliver());
    assertEquals(Signal.SIGSEGV, signals.fatal().signal());
    assertEquals(SignalInfo.SI_KERNEL, signals.fatal().code());
  }

  @Test
  void lackOfStackForAnotherSignalIsASegmentationFault() {
    handle(SIGUSR1, 0, 0);
    handle(Signal.SIGSEGV, SignalAction.SA_ONSTACK, 0);
    long other = map();
    assertEquals(
        0, signals.frames().changeAlternate(new AlternateStack(other, 0, STACK_BYTES), top));
    registers.x(2, 0x40);
    send(SIGUSR1);
    assertEquals(Delivery.HANDLER, deliver());
    assertEquals(Signal.SIGSEGV, registers.x(10));
    assertEquals(other + STACK_BYTES - SignalFrame.BYTES, registers.x(2));
  }

  @Test
  void alternateStackIsUsedOnceAndOnlyIfWanted() {
    long other = map();
    handle(SIGUSR1, SignalAction.SA_ONSTACK, 0);
    handle(SIGUSR2, SignalAction.SA_ONSTACK, 0);
    assertEquals(
        0, signals.frames().changeAlternate(new AlternateStack(other, 0, STACK_BYTES), top));
    send(SIGUSR1);
    deliver();
    long first = registers.x(2);
    assertEquals(other + STACK_BYTES - SignalFrame.BYTES, first);
    assertEquals(AlternateStack.SS_ONSTACK, signals.frames().alternate().stateFor(first));
    assertEquals(-Errno.EPERM, signals.frames().changeAlternate(AlternateStack.NONE, first));
    send(SIGUSR2);
    deliver();
    assertEquals(first - SignalFrame.BYTES, registers.x(2));
  }

  @Test
  void overflowOfTheAlternateStackIsNoticed() {
    long other = map();
    handle(SIGUSR1, SignalAction.SA_ONSTACK, 0);
    signals.frames().changeAlternate(new AlternateStack(other + 4096, 0, 4096), top);
    registers.x(2, other + 4096 + 512);
    send(SIGUSR1);
    assertEquals(Delivery.DEATH, deliver());
    assertEquals(Signal.SIGSEGV, signals.fatal().signal());
  }

  @Test
  void alternateStackIsChecked() {
    assertEquals(
        -Errno.ENOMEM, signals.frames().changeAlternate(new AlternateStack(0, 0, 2047), top));
    assertEquals(
        -Errno.EINVAL, signals.frames().changeAlternate(new AlternateStack(0, 4, 8192), top));
    assertEquals(AlternateStack.SS_DISABLE, signals.frames().alternate().stateFor(top));
  }

  @Test
  void autodisarmedStackIsGoneInTheHandlerAndBackAfterIt() {
    long other = map();
    handle(SIGUSR1, SignalAction.SA_ONSTACK, 0);
    AlternateStack armed = new AlternateStack(other, AlternateStack.SS_AUTODISARM, STACK_BYTES);
    signals.frames().changeAlternate(armed, top);
    send(SIGUSR1);
    deliver();
    assertEquals(AlternateStack.SS_DISABLE, signals.frames().alternate().stateFor(registers.x(2)));
    signals.returnFromHandler(registers);
    assertEquals(armed, signals.frames().alternate());
  }

  @Test
  void resetHandRestoresTheDefaultAndNodeferDoesNotBlock() {
    handle(SIGUSR1, SignalAction.SA_RESETHAND | SignalAction.SA_NODEFER, 0);
    send(SIGUSR1);
    assertEquals(Delivery.HANDLER, deliver());
    assertEquals(SignalAction.DEFAULT, signals.action(SIGUSR1).handler());
    assertEquals(0, signals.blocked());
  }

  @Test
  void severalHandlersStackUp() {
    handle(SIGUSR1, 0, 0);
    handle(SIGUSR2, 0, 0);
    send(SIGUSR1);
    send(SIGUSR2);
    assertEquals(Delivery.HANDLER, deliver());
    assertEquals(SIGUSR2, registers.x(10));
    signals.returnFromHandler(registers);
    assertEquals(HANDLER, registers.pc());
    assertEquals(SIGUSR1, registers.x(10));
    signals.returnFromHandler(registers);
    assertEquals(PC, registers.pc());
  }

  @Test
  void suspendedMaskComesBackAfterTheHandler() {
    handle(SIGUSR1, 0, 0);
    signals.blocked(Signal.bit(SIGUSR1));
    send(SIGUSR1);
    signals.suspendMask(0);
    assertTrue(signals.interrupted());
    assertEquals(Delivery.HANDLER, signals.deliver(registers, InterruptedCall.ENDED_BY_HANDLER));
    signals.returnFromHandler(registers);
    assertEquals(Signal.bit(SIGUSR1), signals.blocked());
    assertEquals(-Errno.EINTR, registers.x(10));
    assertEquals(PC + 4, registers.pc());
  }

  @Test
  void interruptedCallsAreRestartedAsTheirKindWants() {
    checkRestart(InterruptedCall.RESTARTED, SignalAction.SA_RESTART, 99, PC);
    checkRestart(InterruptedCall.RESTARTED, 0, -Errno.EINTR, PC + 4);
    checkRestart(InterruptedCall.ENDED_BY_HANDLER, SignalAction.SA_RESTART, -Errno.EINTR, PC + 4);
    checkRestart(InterruptedCall.CONTINUED, SignalAction.SA_RESTART, -Errno.EINTR, PC + 4);
    checkRestart(InterruptedCall.NONE, 0, 99, PC);
  }

  private void checkRestart(InterruptedCall call, long flags, long a0, long pc) {
    start();
    handle(SIGUSR1, flags, 0);
    send(SIGUSR1);
    assertEquals(Delivery.HANDLER, signals.deliver(registers, call));
    signals.returnFromHandler(registers);
    assertEquals(a0, registers.x(10));
    assertEquals(pc, registers.pc());
  }

  @Test
  void sleepWithoutHandlerGoesOnByRestartSyscall() {
    registers.x(17, 101);
    assertEquals(Delivery.NOTHING, signals.deliver(registers, InterruptedCall.CONTINUED));
    assertEquals(128, registers.x(17));
    assertEquals(PC, registers.pc());
  }

  @Test
  void badFrameIsASegmentationFault() {
    registers.x(2, 0x40);
    signals.returnFromHandler(registers);
    assertEquals(Delivery.DEATH, deliver());
    assertEquals(Signal.SIGSEGV, signals.fatal().signal());
  }

  @Test
  void signalsOfTheHostArrive() {
    handle(SIGUSR1, 0, 0);
    assertTrue((host.listening & Signal.bit(SIGUSR1)) != 0);
    host.arrive(alarm, SignalInfo.sent(SIGUSR1, SignalInfo.SI_USER, 7, 8));
    assertTrue(signals.interrupted());
    assertEquals(Delivery.HANDLER, deliver());
    SignalInfo info = SignalInfo.read(space.hostAddress(registers.x(11)));
    assertEquals(7, info.pid());
    assertEquals(8, info.uid());
  }

  @Test
  void killAndStopCannotBeBlocked() {
    signals.blocked(-1);
    assertEquals(~Signal.UNBLOCKABLE, signals.blocked());
  }
}
