package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import dev.isomorph.systemvm.virtio.GuestDriver.Used;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioMmioTest {
  private final EchoDevice echo = new EchoDevice();
  private final GuestDriver driver = new GuestDriver(echo);

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void saysWhatItIs() {
    assertEquals(0x7472_6976, driver.get(0));
    assertEquals(2, driver.get(4));
    assertEquals(DeviceType.ENTROPY.id(), driver.get(8));
    assertEquals(EchoDevice.FEATURE | 1L << 28 | 1L << 29 | 1L << 32, driver.offered());
    driver.set(0x14, 2);
    assertEquals(0, driver.get(0x10));
    assertEquals(0xffff_ffffL, driver.get(0xb0));
  }

  @Test
  void anEmptySlotIsDeviceZero() {
    EmptySlot slot = new EmptySlot("virtio7");
    assertEquals(0x7472_6976, slot.read(0, 4));
    assertEquals(2, slot.read(4, 4));
    assertEquals(0, slot.read(8, 4));
    assertEquals(0, slot.read(0x34, 4));
    slot.write(0x70, 4, 1);
    assertEquals(0, slot.read(0x70, 4));
  }

  @Test
  void refusesFeaturesItDoesNotHave() {
    driver.set(0x70, 3);
    driver.negotiate(driver.offered() | 1L << 40);
    driver.set(0x70, 3 | Status.FEATURES_OK);
    assertEquals(3, driver.status());
    driver.negotiate(driver.offered());
    driver.set(0x70, 3 | Status.FEATURES_OK);
    assertEquals(3 | Status.FEATURES_OK, driver.status());
  }

  /** As xv6 has it. */
  @Test
  void servesDriversThatDoNotSayWhichVersionTheyKnow() {
    driver.set(0x70, 3);
    driver.negotiate(driver.offered() & ~Feature.VERSION_1);
    driver.set(0x70, 3 | Status.FEATURES_OK);
    assertEquals(3 | Status.FEATURES_OK, driver.status());
  }

  @Test
  void statusBitsOnlyComeUntilReset() {
    driver.start();
    driver.set(0x70, Status.ACKNOWLEDGE);
    assertEquals(15, driver.status());
    driver.set(0x70, Status.NEEDS_RESET | 0x30);
    assertEquals(15, driver.status());
    driver.set(0x70, 0);
    assertEquals(0, driver.status());
    driver.set(0x70, Status.DRIVER_OK);
    assertEquals(0, driver.status(), "features first");
  }

  @Test
  void echoesABuffer() {
    driver.start();
    Buffer answer = driver.in(8);
    Used used = driver.queue(0).send(driver.out((byte) 1, (byte) 2), driver.out((byte) 3), answer);
    assertEquals(new Used(0, 3), used);
    assertArrayEquals(
        new byte[] {1, 2, 3, (byte) 0xee, (byte) 0xee, (byte) 0xee, (byte) 0xee, (byte) 0xee},
        driver.bytes(answer));
    assertTrue(driver.interrupt);
    assertEquals(VirtioCore.USED_BUFFER, driver.acknowledge());
    assertFalse(driver.interrupt);
  }

  @Test
  void followsIndirectTablesBehindDescriptors() {
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    Buffer answer = driver.in(8);
    Buffer answer2 = driver.in(8);
    queue.offer(queue.indirect(driver.out((byte) 7), answer));
    queue.kick();
    assertEquals(new Used(0, 1), queue.next());
    assertEquals(7, driver.bytes(answer)[0]);
    // One descriptor, then one that refers to a table.
    Buffer first = driver.out((byte) 5);
    int table = queue.indirect(driver.out((byte) 6), answer2);
    queue.descriptor(queue.descriptors, 5, first.address(), 1, 1, table);
    queue.offer(5);
    queue.kick();
    assertEquals(new Used(5, 2), queue.next());
    assertEquals(6, driver.bytes(answer2)[1]);
    assertFalse(driver.needsReset());
  }

  @Test
  void goesRoundTheRingManyTimes() {
    driver.start();
    Buffer question = driver.out((byte) 9);
    Buffer answer = driver.in(1);
    for (int i = 0; i < 70_000; i++) {
      Used used = driver.queue(0).send(question, answer);
      assertEquals(1, used.written());
    }
    assertEquals(9, driver.bytes(answer)[0]);
  }

  @Test
  void interruptsWhenTheIndexOfTheEventIsPassed() {
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    long usedEvent = queue.available + 4 + 2L * queue.size;
    driver.ram.putShort(usedEvent, 2);
    Buffer question = driver.out((byte) 9);
    Buffer answer = driver.in(1);
    for (int i = 0; i < 5; i++) {
      queue.send(question, answer);
      assertEquals(i == 2, driver.interrupt, "buffer " + i);
      driver.acknowledge();
    }
    assertEquals(5, driver.ram.getShort(queue.used + 4 + 8L * queue.size), "asks for the next");
  }

  @Test
  void withoutEventsTheFlagDecides() {
    driver.start(Feature.EVENT_INDEX);
    GuestDriver.Queue queue = driver.queue(0);
    driver.ram.putShort(queue.available, 1);
    queue.send(driver.in(1));
    assertFalse(driver.interrupt);
    driver.ram.putShort(queue.available, 0);
    queue.send(driver.in(1));
    assertTrue(driver.interrupt);
  }

  @Test
  void servesWhatWasOfferedBeforeItWasStarted() {
    driver.start();
    driver.set(0x70, 0);
    driver.set(0x70, 3);
    driver.negotiate(driver.offered());
    driver.set(0x70, 11);
    driver.set(0x30, 0);
    GuestDriver.Queue queue = driver.new Queue(0, 8);
    driver.set(0x38, 8);
    driver.address(0x80, queue.descriptors);
    driver.address(0x90, queue.available);
    driver.address(0xa0, queue.used);
    driver.set(0x44, 1);
    queue.offer(queue.chain(driver.in(1)));
    queue.kick();
    assertNull(queue.next());
    driver.set(0x70, 15);
    assertEquals(new Used(0, 0), queue.next());
  }

  @Test
  void badDescriptorsNeedAReset() {
    long end = GuestDriver.BASE + GuestDriver.RAM_BYTES;
    long here = driver.allocate(64, 16);
    record Bad(String what, long address, int length, int flags, int next) {}
    for (Bad bad :
        List.of(
            new Bad("outside RAM", end - 1, 2, 0, 0),
            new Bad("outside RAM to write", 0, 1, 2, 0),
            new Bad("huge", here, -1, 2, 0),
            new Bad("wraps", -1, 2, 0, 0),
            new Bad("to itself", here, 1, 1, 0),
            new Bad("beyond the table", here, 1, 1, 16),
            new Bad("an indirect table of nothing", here, 0, 4, 0),
            new Bad("half an indirect descriptor", here, 24, 4, 0),
            new Bad("an indirect table outside RAM", end, 16, 4, 0),
            new Bad("indirect and next", here, 16, 5, 1))) {
      driver.start();
      driver.acknowledge();
      GuestDriver.Queue queue = driver.queue(0);
      queue.descriptor(queue.descriptors, 0, bad.address, bad.length, bad.flags, bad.next);
      queue.offer(0);
      queue.kick();
      assertTrue(driver.needsReset(), bad.what);
      assertEquals(VirtioCore.CONFIGURATION, driver.acknowledge(), bad.what);
      assertNull(queue.next(), bad.what);
      assertNotEquals("", driver.device.complaint());
      queue.offer(queue.chain(driver.out((byte) 1)));
      queue.kick();
      assertNull(queue.next(), "nothing is done until a reset");
    }
    driver.start();
    assertFalse(driver.needsReset());
    assertEquals(new Used(0, 0), driver.queue(0).send(driver.in(1)));
  }

  @Test
  void readableBehindWritableAndNestedTablesNeedAReset() {
    driver.start();
    driver.queue(0).send(driver.in(1), driver.out((byte) 1));
    assertTrue(driver.needsReset());
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    long table = driver.allocate(16, 16);
    queue.descriptor(table, 0, table, 16, 4, 0);
    queue.descriptor(queue.descriptors, 0, table, 16, 4, 0);
    queue.offer(0);
    queue.kick();
    assertTrue(driver.needsReset());
    driver.start();
    driver.ram.putShort(driver.queue(0).available + 2, 17);
    driver.queue(0).kick();
    assertTrue(driver.needsReset(), "more buffers than there are entries");
    driver.start(Feature.INDIRECT_DESCRIPTORS);
    queue = driver.queue(0);
    queue.offer(queue.indirect(driver.in(1)));
    queue.kick();
    assertTrue(driver.needsReset(), "indirect though not negotiated");
  }

  @Test
  void queuesMustLieInRamAndBeAligned() {
    long[][] bad = {
      {0, 0, 0, 16}, {8, 0, 0, 16}, {0, 1, 0, 16}, {0, 0, 2, 16}, {0, 0, 0, 3}, {0, 0, 0, 512}
    };
    for (long[] change : bad) {
      driver.start();
      GuestDriver.Queue queue = driver.queue(0);
      driver.set(0x30, 0);
      driver.set(0x44, 0);
      assertEquals(0, driver.get(0x44));
      driver.set(0x38, change[3]);
      driver.address(0x80, queue.descriptors + change[0]);
      driver.address(0x90, queue.available + change[1]);
      driver.address(0xa0, queue.used + change[2]);
      driver.set(0x44, 1);
      boolean sound = change[0] + change[1] + change[2] == 0 && change[3] == 16;
      assertEquals(sound ? 1 : 0, driver.get(0x44));
      assertEquals(!sound, driver.needsReset());
    }
    driver.start();
    driver.set(0x30, 0);
    driver.set(0x44, 0);
    driver.address(0x80, GuestDriver.BASE + GuestDriver.RAM_BYTES - 16);
    driver.set(0x44, 1);
    assertTrue(driver.needsReset());
  }

  @Test
  void whatIsUnderWayAtAResetWritesNowhere() {
    Queue<Runnable> later = new ArrayDeque<>();
    EchoDevice slow = new EchoDevice();
    try (GuestDriver guest = new GuestDriver(slow, later::add)) {
      guest.start();
      slow.whileHandling = () -> guest.set(0x70, 0);
      Buffer answer = guest.in(1);
      guest.queue(0).offer(guest.queue(0).chain(guest.out((byte) 1), answer));
      guest.queue(0).kick();
      while (!later.isEmpty()) {
        later.remove().run();
      }
      assertEquals(0, guest.status());
      assertEquals((byte) 0xee, guest.bytes(answer)[0]);
      assertNull(guest.queue(0).next());
    }
  }

  @Test
  void aMistakeOfTheDriverThatHasGoneIsForgotten() {
    EchoDevice slow = new EchoDevice();
    try (GuestDriver guest = new GuestDriver(slow).start()) {
      slow.whileHandling =
          () -> {
            guest.set(0x70, 0);
            throw new BadChain("too late");
          };
      guest.queue(0).send(guest.in(1));
      assertEquals(0, guest.status());
      slow.whileHandling =
          () -> {
            throw new BadChain("in time");
          };
      guest.start();
      guest.queue(0).send(guest.in(1));
      assertTrue(guest.needsReset());
      assertEquals("in time", guest.device.complaint());
    }
  }

  @Test
  void closingWaitsForWhatIsUnderWay() throws Exception {
    EchoDevice slow = new EchoDevice();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    try (GuestDriver guest = new GuestDriver(slow, task -> new Thread(task).start()).start()) {
      slow.whileHandling =
          () -> {
            begun.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            ended.set(true);
          };
      guest.queue(0).offer(guest.queue(0).chain(guest.in(1)));
      guest.queue(0).kick();
      begun.await();
      guest.device.reset();
      go.countDown();
      guest.device.close();
      assertTrue(ended.get());
    }
  }

  @Test
  void configurationIsReadByAnyWidthAndHasAGeneration() {
    driver.start();
    driver.acknowledge();
    assertEquals(0x04030201, driver.device.read(0x100, 4));
    assertEquals(0x0302, driver.device.read(0x101, 2));
    assertEquals(0x04, driver.device.read(0x103, 1));
    assertEquals(0x04030201, driver.device.read(0x100, 8));
    assertEquals(0, driver.device.read(0x200, 4));
    long generation = driver.get(0xfc);
    echo.change();
    assertNotEquals(generation, driver.get(0xfc));
    assertEquals(VirtioCore.CONFIGURATION, driver.acknowledge());
    driver.device.write(0x102, 2, 0xaabb);
    assertEquals(0xaabb0202L, driver.device.read(0x100, 4));
    driver.device.write(0x104, 4, 1);
  }

  @Test
  void goesOnFromASnapshot() throws IOException {
    driver.start();
    driver.queue(0).send(driver.in(1));
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    driver.device.pause();
    driver.device.save(new DataOutputStream(saved));
    GuestDriver.Queue queue = driver.queue(0);
    driver.set(0x70, 0);
    assertFalse(driver.interrupt);
    driver.device.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())), 1);
    assertTrue(driver.interrupt);
    assertEquals(15, driver.status());
    queue.offer(queue.chain(driver.in(1)));
    queue.kick();
    assertNull(queue.next(), "nothing is done before it goes on");
    driver.device.resume();
    assertEquals(new Used(1, 0), queue.next());
    byte[] damaged = saved.toByteArray();
    damaged[12 + 20 + 4] = 1;
    assertThrows(
        IOException.class,
        () -> driver.device.restore(new DataInputStream(new ByteArrayInputStream(damaged)), 1));
  }

  @Test
  void givesRandomness() {
    try (GuestDriver guest = new GuestDriver(new VirtioRng("rng", new java.util.Random(1)))) {
      guest.start();
      Buffer answer = guest.in(100);
      assertEquals(new Used(0, 100), guest.queue(0).send(answer));
      byte[] expected = new byte[100];
      new java.util.Random(1).nextBytes(expected);
      assertArrayEquals(expected, guest.bytes(answer));
    }
  }
}
