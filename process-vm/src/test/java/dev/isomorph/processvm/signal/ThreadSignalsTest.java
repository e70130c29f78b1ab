package dev.isomorph.processvm.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.processvm.memory.AddressSpace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of a process's threads receives a signal. */
class ThreadSignalsTest {
  private static final int SIGUSR1 = 10;
  private static final int SIGUSR2 = 12;
  private static final long ONE = Signal.bit(SIGUSR1);

  private final AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
  private final QueuedSignals host = new QueuedSignals();
  private final TestAlarm firstAlarm = new TestAlarm();
  private final TestAlarm secondAlarm = new TestAlarm();
  private final GuestSignals first = new GuestSignals(space, host, 0x5000, firstAlarm);
  private final GuestSignals second = first.newThread(secondAlarm);

  @AfterEach
  void end() {
    space.release();
  }

  private static SignalInfo signal(int number) {
    return SignalInfo.sent(number, SignalInfo.SI_USER, 1, 0);
  }

  @Test
  void theFirstThreadComesFirst() {
    second.interrupted();
    second.send(signal(SIGUSR1));
    assertEquals(1, firstAlarm.raised);
    assertFalse(second.interrupted());
    assertTrue(first.interrupted());
  }

  @Test
  void anAlarmThatGuestCodeHasLoweredIsNotForgotten() {
    GuestRegisters registers = new PlainRegisters();
    first.action(SIGUSR1, new SignalAction(SignalAction.IGNORE, 0, 0));
    assertEquals(GuestSignals.Delivery.NOTHING, first.deliver(registers, InterruptedCall.NONE));
    host.arrive(firstAlarm, signal(Signal.SIGTERM));
    firstAlarm.lower();
    first.alarmSeen();
    assertEquals(GuestSignals.Delivery.DEATH, first.deliver(registers, InterruptedCall.NONE));
  }

  @Test
  void aThreadThatDoesNotBlockItGetsIt() {
    first.blocked(ONE);
    second.interrupted();
    host.arrive(firstAlarm, signal(SIGUSR1));
    assertFalse(first.interrupted());
    assertEquals(1, secondAlarm.raised);
    assertTrue(second.interrupted());
  }

  @Test
  void whatAllBlockWaitsForTheFirstToUnblockIt() {
    first.blocked(ONE);
    second.blocked(ONE);
    first.send(signal(SIGUSR1));
    assertEquals(ONE, first.pending());
    assertEquals(ONE, second.pending());
    second.blocked(0);
    assertFalse(first.interrupted());
    assertTrue(second.interrupted());
  }

  @Test
  void aThreadThatBlocksItTooLatePassesItOn() {
    first.send(signal(SIGUSR1));
    first.blocked(ONE);
    assertEquals(1, secondAlarm.raised);
    assertTrue(second.interrupted());
  }

  @Test
  void aThreadThatEndsPassesItOn() {
    first.send(signal(SIGUSR1));
    first.end();
    assertEquals(1, secondAlarm.raised);
    assertTrue(second.interrupted());
    host.arrive(firstAlarm, signal(SIGUSR2));
    first.relay();
    assertEquals(2, secondAlarm.raised);
  }

  @Test
  void aSignalForAThreadIsForNoOther() {
    second.sendToThread(signal(SIGUSR1), first);
    assertEquals(1, secondAlarm.raised);
    assertFalse(first.interrupted());
    assertNull(first.accept(ONE));
    assertTrue(second.interrupted());
  }

  @Test
  void whoWaitsForASignalIsItsReceiver() {
    first.blocked(ONE);
    second.blocked(ONE);
    second.await(ONE);
    first.send(signal(SIGUSR1));
    assertEquals(1, secondAlarm.raised);
    assertFalse(second.interrupted());
    assertEquals(SIGUSR1, second.accept(ONE).signal());
  }

  @Test
  void ignoringASignalForgetsItForAllThreads() {
    first.blocked(ONE);
    second.blocked(ONE);
    first.send(signal(SIGUSR1));
    second.sendToThread(signal(SIGUSR1), first);
    first.action(SIGUSR1, new SignalAction(SignalAction.IGNORE, 0, 0));
    assertEquals(0, first.pending());
    assertEquals(0, second.pending());
  }

  @Test
  void threadsStartWithTheMaskOfTheirCreator() {
    first.blocked(ONE);
    assertEquals(ONE, first.newThread(Alarm.NONE).blocked());
    assertEquals(0, second.blocked());
  }
}
