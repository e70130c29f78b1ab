package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HostClockTest {
  private final HostClock clock = new HostClock();

  @AfterEach
  void close() {
    clock.close();
  }

  @Test
  void standsStillUntilResumedAndWhilePaused() {
    AtomicLong host = new AtomicLong(5_000);
    try (HostClock slow = new HostClock(host::get)) {
      assertEquals(0, slow.ticks());
      slow.setTicks(77);
      host.addAndGet(1_000);
      assertEquals(77, slow.ticks());
      slow.resume();
      host.addAndGet(1_099);
      assertEquals(87, slow.ticks());
      slow.pause();
      host.addAndGet(1_000_000);
      assertEquals(87, slow.ticks());
      slow.resume();
      assertEquals(87, slow.ticks());
      host.addAndGet(100);
      assertEquals(88, slow.ticks());
    }
  }

  @Test
  void timersActNotBeforeTheirTickAndOnce() throws InterruptedException {
    AtomicLong at = new AtomicLong();
    AtomicInteger times = new AtomicInteger();
    Semaphore acted = new Semaphore(0);
    MachineClock.Timer timer =
        clock.timer(
            () -> {
              at.set(clock.ticks());
              times.incrementAndGet();
              acted.release();
            });
    clock.resume();
    long due = clock.ticks() + MachineClock.FREQUENCY / 1000;
    timer.set(due);
    acted.acquire();
    assertTrue(at.get() >= due);
    timer.set(0);
    acted.acquire();
    assertEquals(2, times.get());
  }

  @Test
  void anEarlierTimerWakesTheThread() throws InterruptedException {
    CountDownLatch acted = new CountDownLatch(1);
    MachineClock.Timer never = clock.timer(() -> {});
    MachineClock.Timer soon = clock.timer(acted::countDown);
    clock.resume();
    never.set(-1);
    soon.set(clock.ticks() + 10);
    acted.await();
  }

  @Test
  void timeSetPastATimerLetsItAct() throws InterruptedException {
    CountDownLatch acted = new CountDownLatch(1);
    MachineClock.Timer timer = clock.timer(acted::countDown);
    clock.resume();
    timer.set(1L << 62);
    clock.setTicks(1L << 62);
    acted.await();
  }

  @Test
  void pausedTimersWaitAndActAfterwards() throws InterruptedException {
    Semaphore acted = new Semaphore(0);
    MachineClock.Timer timer = clock.timer(acted::release);
    clock.resume();
    clock.pause();
    timer.set(0);
    assertEquals(0, acted.availablePermits());
    clock.resume();
    acted.acquire();
  }

  @Test
  void pauseWaitsForTheActionUnderWay() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    MachineClock.Timer timer =
        clock.timer(
            () -> {
              begun.countDown();
              for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
              }
              ended.set(1);
            });
    clock.resume();
    timer.set(0);
    begun.await();
    clock.pause();
    assertEquals(1, ended.get());
  }

  @Test
  void wallTimeIsTheHosts() {
    long before = System.currentTimeMillis();
    long now = clock.wallNanoseconds() / 1_000_000;
    assertTrue(before <= now && now <= System.currentTimeMillis());
  }
}
