package dev.isomorph.hostbackend.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.GuestCode;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Assembler;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hang would be a lost signal: every wait here is for something that must come. */
@Timeout(300)
class SignalInboxTest {
  private static final int SIGUSR1 = 10;
  private static final int SIGUSR2 = 12;
  private static final int SIGPIPE = 13;
  private static final int SIGALRM = 14;
  private static final int SIGCHLD = 17;
  private static final int SIGWINCH = 28;
  private static final int SIGRT = 40;

  private static final int READ = 0;
  private static final int SIG_SETMASK = 2;
  private static final int PIPE = 22;
  private static final int NANOSLEEP = 35;
  private static final int GETITIMER = 36;
  private static final int RT_SIGQUEUEINFO = 129;
  private static final int SI_QUEUE = -1;
  private static final int SIGEV_VALUE = 24;

  private static final int INTERRUPTIONS = 300;

  private final long flag = HostMemory.allocate(4096);
  private final long time = flag + 64;
  private final long buffer = flag + 128;
  private SignalInbox inbox;

  @BeforeEach
  void open() {
    inbox = SignalInbox.open(flag);
    inbox.registerCurrentThread();
    HostMemory.putLong(time, 3600); // a sleep that nobody waits for the end of
  }

  @AfterEach
  void close() {
    inbox.close();
    HostMemory.free(flag, 4096);
  }

  private static long call(int number, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    return HostCalls.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }

  private static long process() {
    return call(HostLinux.GETPID);
  }

  private static void kill(int signo) {
    HostCalls.check(call(HostLinux.KILL, process(), signo), "kill");
  }

  /** Takes the next signal, sleeping in the kernel until there is one. */
  private int await() {
    while (true) {
      HostMemory.putByteVolatile(flag, (byte) 0);
      int signo = inbox.take();
      if (signo != 0) {
        return signo;
      }
      long result = HostCalls.interruptibleSyscall(flag, NANOSLEEP, time, 0, 0, 0, 0, 0);
      assertTrue(
          result == -HostLinux.EINTR || result == -HostLinux.ERESTARTSYS, () -> "slept " + result);
    }
  }

  @Test
  void aSignalComesWithItsInformation() {
    inbox.catchSignal(SIGUSR1);
    kill(SIGUSR1);
    assertEquals(SIGUSR1, await());
    long info = inbox.siginfo();
    assertEquals(SIGUSR1, HostMemory.getInt(info));
    assertEquals(0, HostMemory.getInt(info + SignalFrame.SI_CODE));
    assertEquals(process(), HostMemory.getInt(info + SignalFrame.SI_PID));
    assertEquals(0, inbox.take());
  }

  @Test
  void anIntervalTimerThatStillRunsEndsNobody() {
    inbox.catchSignal(SIGALRM);
    HostMemory.fill(buffer, 32, (byte) 0);
    HostMemory.putLong(buffer + 8, 100);
    HostMemory.putLong(buffer + 24, 100);
    HostCalls.check(call(HostLinux.SETITIMER, 0, buffer), "setitimer");
    assertEquals(SIGALRM, await());
    inbox.close();
    HostCalls.check(call(GETITIMER, 0, buffer), "getitimer");
    assertEquals(0, HostMemory.getLong(buffer + 24));
    assertEquals(SignalAction.DEFAULT, SignalAction.of(SIGALRM).handler());
  }

  @Test
  void theFlagIsSet() {
    inbox.catchSignal(SIGWINCH);
    assertEquals(0, HostMemory.getByteVolatile(flag));
    kill(SIGWINCH);
    assertEquals(SIGWINCH, await());
    kill(SIGWINCH);
    while (HostMemory.getByteVolatile(flag) == 0) {
      Thread.onSpinWait();
    }
    assertEquals(SIGWINCH, inbox.take());
  }

  private void queue(int signo, long value) {
    HostMemory.fill(buffer, SignalFrame.SIGINFO, (byte) 0);
    HostMemory.putInt(buffer, signo);
    HostMemory.putInt(buffer + SignalFrame.SI_CODE, SI_QUEUE);
    HostMemory.putLong(buffer + SIGEV_VALUE, value);
    HostCalls.check(call(RT_SIGQUEUEINFO, process(), signo, buffer), "sigqueue");
  }

  @Test
  void realTimeSignalsAreNotMerged() {
    inbox.catchSignal(SIGRT);
    boolean[] seen = new boolean[200];
    for (int i = 0; i < seen.length; i++) {
      queue(SIGRT, i);
    }
    // Threads of the JVM may have stored them in another order.
    for (int i = 0; i < seen.length; i++) {
      assertEquals(SIGRT, await());
      int value = (int) HostMemory.getLong(inbox.siginfo() + SIGEV_VALUE);
      assertFalse(seen[value]);
      seen[value] = true;
    }
    assertEquals(0, inbox.take());
  }

  @Test
  void aFullQueueForgetsHowOftenNotThat() {
    inbox.catchSignal(SIGRT);
    inbox.catchSignal(SIGUSR1);
    // On this thread, so that each is handled before the call returns.
    long thread = call(HostLinux.GETTID);
    for (int i = 0; i < InboxLayout.CAPACITY + 10; i++) {
      HostMemory.fill(buffer, SignalFrame.SIGINFO, (byte) 0);
      HostMemory.putInt(buffer, SIGRT);
      HostMemory.putInt(buffer + SignalFrame.SI_CODE, SI_QUEUE);
      HostCalls.check(call(297, process(), thread, SIGRT, buffer), "rt_tgsigqueueinfo");
    }
    HostMemory.putInt(buffer, SIGUSR1);
    HostCalls.check(call(297, process(), thread, SIGUSR1, buffer), "rt_tgsigqueueinfo");
    for (int i = 0; i < InboxLayout.CAPACITY; i++) {
      assertEquals(SIGRT, inbox.take());
      assertEquals(SI_QUEUE, HostMemory.getInt(inbox.siginfo() + SignalFrame.SI_CODE));
    }
    assertEquals(SIGUSR1, inbox.take());
    assertEquals(SIGUSR1, HostMemory.getInt(inbox.siginfo()));
    assertEquals(SIGRT, inbox.take());
    assertEquals(0, HostMemory.getInt(inbox.siginfo() + SignalFrame.SI_CODE));
    assertEquals(0, inbox.take());
  }

  @Test
  void everySleepIsInterrupted() throws InterruptedException {
    inbox.catchSignal(SIGALRM);
    AtomicInteger taken = new AtomicInteger();
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < INTERRUPTIONS; i++) {
                while (taken.get() != i) {
                  Thread.onSpinWait();
                }
                spin();
                kill(SIGALRM);
              }
            });
    sender.start();
    for (int i = 0; i < INTERRUPTIONS; i++) {
      assertEquals(SIGALRM, await());
      taken.set(i + 1);
    }
    sender.join();
    assertEquals(0, inbox.take());
  }

  /** Lets a random moment pass, so as to meet the other thread anywhere in its loop. */
  private static void spin() {
    int n = ThreadLocalRandom.current().nextInt(20_000);
    for (int i = 0; i < n; i++) {
      Thread.onSpinWait();
    }
  }

  @Test
  void everyKickInterrupts() throws InterruptedException {
    AtomicInteger round = new AtomicInteger();
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < INTERRUPTIONS; i++) {
                while (round.get() != i) {
                  Thread.onSpinWait();
                }
                spin();
                inbox.kick();
              }
            });
    sender.start();
    for (int i = 0; i < INTERRUPTIONS; i++) {
      long result = HostCalls.interruptibleSyscall(flag, NANOSLEEP, time, 0, 0, 0, 0, 0);
      assertTrue(result == -HostLinux.EINTR || result == -HostLinux.ERESTARTSYS);
      HostMemory.putByteVolatile(flag, (byte) 0);
      round.set(i + 1);
    }
    sender.join();
    assertEquals(0, inbox.take());
  }

  @Test
  void aCallThatTheKernelRestartsTellsSo() throws InterruptedException {
    HostCalls.check(call(PIPE, buffer), "pipe");
    int in = HostMemory.getInt(buffer);
    int out = HostMemory.getInt(buffer + 4);
    Thread sender = new Thread(inbox::kick);
    sender.start();
    assertEquals(
        -HostLinux.ERESTARTSYS, HostCalls.interruptibleSyscall(flag, READ, in, buffer, 1, 0, 0, 0));
    sender.join();
    call(HostLinux.CLOSE, in);
    call(HostLinux.CLOSE, out);
  }

  @Test
  void theInheritedMaskIsTold() {
    HostMemory.putLong(buffer, Signals.setOf(SIGUSR1, SIGRT));
    call(HostLinux.RT_SIGPROCMASK, SIG_SETMASK, buffer, 0, SignalAction.SIGSET_SIZE);
    assertEquals(Signals.setOf(SIGUSR1, SIGRT), inbox.registerCurrentThread());
    assertEquals(0, inbox.registerCurrentThread());
  }

  @Test
  void dispositionsInForceBeforehandAreToldAndRestored() {
    inbox.close();
    SignalAction before = SignalAction.of(SIGCHLD);
    new SignalAction(SignalAction.IGNORE, 0, 0, 0).install(SIGCHLD);
    open();
    assertEquals(
        Signals.setOf(SIGCHLD), inbox.ignoredAtStart() & Signals.setOf(SIGCHLD, SIGALRM, SIGPIPE));
    inbox.catchSignal(SIGCHLD);
    inbox.catchSignal(SIGCHLD);
    inbox.close();
    inbox.close();
    assertEquals(SignalAction.IGNORE, SignalAction.of(SIGCHLD).handler());
    before.install(SIGCHLD);
    inbox = SignalInbox.open(flag);
  }

  @Test
  void theJvmKeepsItsSuspensionSignal() {
    inbox.catchSignal(SIGUSR2);
    // As the JVM does it; the handler there finds nothing to do.
    call(HostLinux.TGKILL, process(), call(HostLinux.GETTID), SIGUSR2);
    assertEquals(0, inbox.take());
    kill(SIGUSR2);
    assertEquals(SIGUSR2, await());
  }

  @Test
  void signalsTheJvmDropsAreCaught() {
    inbox.catchSignal(SIGPIPE);
    kill(SIGPIPE);
    assertEquals(SIGPIPE, await());
  }

  @Test
  void aFaultSignalThatWasSentIsNoFault() {
    FaultSlots slots = new FaultSlots(256, 264, 272, 276, 288);
    try (GuestCode guest = new GuestCode()) {
      long exit = guest.addExit(3, asm -> {});
      long fault = guest.addEntry(Assembler::ud2);
      FaultHandler handler = FaultHandler.install(guest.base(), GuestCode.SIZE, exit, slots);
      for (int signo : Signals.faults()) {
        inbox.catchSignal(signo);
        kill(signo);
        assertEquals(signo, await());
      }
      // Real ones still find their way, the JVM's too.
      assertEquals(3, guest.run(fault));
      assertEquals(Signals.SIGILL, HostMemory.getInt(guest.state() + slots.signal()));
      Object[] nothing = new Object[1];
      for (int i = 0; i < 30_000; i++) {
        assertThrows(NullPointerException.class, () -> nothing[0].hashCode());
      }
      handler.close();
    }
  }

  @Test
  void theKickSignalFromOutsideIsASignalLikeOthers() {
    inbox.catchSignal(inbox.kickSignal());
    kill(inbox.kickSignal());
    assertEquals(inbox.kickSignal(), await());
  }

  @Test
  void whatCannotBeCaughtIsRefused() {
    for (int signo : new int[] {-1, 0, 9, 19, 32, 33, 65}) {
      assertThrows(IllegalArgumentException.class, () -> inbox.catchSignal(signo));
    }
  }

  @Test
  void oneInboxAtATime() {
    assertThrows(IllegalStateException.class, () -> SignalInbox.open(flag));
  }
}
