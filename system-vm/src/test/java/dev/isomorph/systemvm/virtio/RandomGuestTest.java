package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Guests that write anything anywhere: nothing is thrown, and only RAM is touched. */
class RandomGuestTest {
  private static final int[] REGISTERS = {
    0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x64, 0x70, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4
  };

  /** Registers and memory at random, with values that are often almost right. */
  static void torment(VirtioDevice device, long seed) {
    Random random = new Random(seed);
    try (GuestDriver guest = new GuestDriver(device)) {
      for (int round = 0; round < 4; round++) {
        guest.ram.clear(GuestDriver.BASE, GuestDriver.RAM_BYTES);
        if (random.nextInt(4) != 0) {
          startAnew(guest, random);
        }
        for (int i = 0; i < 60; i++) {
          step(guest, random);
        }
      }
      guest.set(0x70, 0);
      assertEquals(0, guest.status());
    }
  }

  private static void startAnew(GuestDriver guest, Random random) {
    guest.release();
    guest.start(random.nextLong() & random.nextLong() & random.nextLong());
  }

  private static void step(GuestDriver guest, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> guest.device.write(offset(random), 1 << random.nextInt(4), value(guest, random));
      case 1 -> guest.device.read(offset(random), 1 << random.nextInt(4));
      case 2 -> guest.set(0x100 + random.nextInt(64), random.nextInt());
      case 3 ->
          guest.ram.putLong(GuestDriver.BASE + 8 * random.nextInt(1024), value(guest, random));
      default -> offerSomething(guest, random);
    }
  }

  private static void offerSomething(GuestDriver guest, Random random) {
    if (guest.queues.isEmpty()) {
      return;
    }
    GuestDriver.Queue queue = guest.queue(random.nextInt(guest.queues.size()));
    int count = 1 + random.nextInt(5);
    int head = random.nextInt(queue.size);
    int writableFrom = random.nextInt(count + 1);
    for (int i = 0; i < count; i++) {
      boolean wrong = random.nextInt(40) == 0;
      long address =
          wrong ? value(guest, random) : GuestDriver.BASE + 0x8000 + random.nextInt(0x40000);
      int length = random.nextInt(20) == 0 ? random.nextInt(0x90000) : sensible(random);
      int flags = (i == count - 1 ? 0 : 1) | (i >= writableFrom ? 2 : 0);
      int next = random.nextInt(60) == 0 ? random.nextInt() : (head + i + 1) % queue.size;
      queue.descriptor(
          queue.descriptors,
          (head + i) % queue.size,
          address,
          length,
          random.nextInt(60) == 0 ? random.nextInt(16) : flags,
          next);
      if (!wrong && i < writableFrom) {
        header(guest, random, address);
      }
    }
    queue.offer(random.nextInt(100) == 0 ? random.nextInt() : head);
    queue.kick();
  }

  /** Numbers such as many requests begin with. */
  private static void header(GuestDriver guest, Random random, long address) {
    long at = address & ~7L;
    guest.ram.putLong(at, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(16));
    guest.ram.putLong(at + 8, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(64));
  }

  private static int sensible(Random random) {
    int[] lengths = {0, 1, 4, 8, 12, 16, 20, 512, 513, 1024, 4096};
    return lengths[random.nextInt(lengths.length)];
  }

  private static long offset(Random random) {
    return random.nextInt(4) == 0
        ? random.nextInt(0x1000)
        : REGISTERS[random.nextInt(REGISTERS.length)];
  }

  private static long value(GuestDriver guest, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(16);
      case 2 -> guest.offered() >>> 32 * random.nextInt(2);
      case 3 -> GuestDriver.BASE + GuestDriver.RAM_BYTES - random.nextInt(32);
      case 4 -> 1L << random.nextInt(64);
      default -> GuestDriver.BASE + random.nextInt(GuestDriver.RAM_BYTES);
    };
  }

  @Property(tries = 300)
  void anyDevice(@ForAll long seed) {
    torment(new EchoDevice(), seed);
  }

  @Property(tries = 100)
  void randomness(@ForAll long seed) {
    torment(new VirtioRng("rng", new Random(seed)), seed);
  }
}
