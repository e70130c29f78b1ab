package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import dev.isomorph.systemvm.virtio.GuestDriver.Used;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What differs from {@link VirtioMmioTest} by the transport. */
class VirtioPciTest {
  private static final int COMMAND = 4;
  private static final int NO_INTERRUPT = 1 << 10;
  private static final int STATUS_INTERRUPT = 1 << 3;

  private final EchoDevice echo = new EchoDevice();
  private final PciDriver driver = new PciDriver(echo);

  @AfterEach
  void close() {
    driver.close();
  }

  private void echoOne(int byteValue) {
    Buffer answer = driver.in(2);
    Used used = driver.queue(1).send(driver.out((byte) byteValue, (byte) 2), answer);
    assertEquals(2, used.written());
    assertArrayEquals(new byte[] {(byte) byteValue, 2}, driver.bytes(answer));
  }

  /** As of qemu's {@code virtio-rng-pci,disable-legacy=on,vectors=0} after Linux has placed it. */
  @Test
  void itsConfigurationSpaceIsAsThatOfQemus() {
    int[] expected = {
      0x10441af4,
      0x00100006,
      0x00ff0001,
      0,
      0,
      0,
      0,
      0,
      0x0000400c,
      4,
      0,
      0x11001af4,
      0,
      0x84,
      0,
      0x100,
      0x01100009,
      4,
      0,
      0x1000,
      0x03104009,
      4,
      0x1000,
      0x1000,
      0x04105009,
      4,
      0x2000,
      0x1000,
      0x02146009,
      4,
      0x3000,
      0x1000,
      4,
      0x05147009,
      0,
      0,
      0,
      0
    };
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], (int) driver.config(4 * i, 4), "at " + 4 * i);
    }
    assertEquals(0xffff_ffffL, driver.config(0x100, 4));
  }

  @Test
  void itsMemoryIsAsLargeAsItSaysAndWhereItIsPlaced() {
    driver.config(0x20, 4, 0xffff_ffffL);
    driver.config(0x24, 4, 0xffff_ffffL);
    assertEquals(0xffff_c00cL, driver.config(0x20, 4));
    assertEquals(0xffff_ffffL, driver.config(0x24, 4));
    assertEquals(0xffff, driver.read(1, 0x12, 2), "nothing is there");
    driver.place();
    assertEquals(2, driver.read(1, 0x12, 2));
    driver.config(COMMAND, 2, 0);
    assertEquals(0xffff, driver.read(1, 0x12, 2), "memory is off");
  }

  @Test
  void echoesBuffers() {
    driver.start();
    assertEquals(15, driver.status());
    echoOne(7);
    assertTrue(driver.interrupt);
    assertEquals(STATUS_INTERRUPT, driver.config(6, 2) & STATUS_INTERRUPT);
    assertEquals(VirtioCore.USED_BUFFER, driver.get(0x60));
    assertFalse(driver.interrupt);
    assertEquals(0, driver.config(6, 2) & STATUS_INTERRUPT);
    assertEquals(0, driver.get(0x60));
    echo.change();
    assertEquals(VirtioCore.CONFIGURATION, driver.acknowledge());
    assertEquals(1, driver.read(1, 0x15, 1));
  }

  @Test
  void itsPinIsQuietIfItMust() {
    driver.start();
    driver.config(COMMAND, 2, 6 | NO_INTERRUPT);
    echoOne(1);
    assertFalse(driver.interrupt);
    assertEquals(STATUS_INTERRUPT, driver.config(6, 2) & STATUS_INTERRUPT);
    driver.config(COMMAND, 2, 6);
    assertTrue(driver.interrupt);
    driver.acknowledge();
    assertFalse(driver.interrupt);
  }

  @Test
  void buffersWaitUntilItIsMasterOfTheBus() {
    driver.start();
    driver.config(COMMAND, 2, 2);
    Buffer answer = driver.in(2);
    assertNull(driver.queue(1).send(driver.out((byte) 3, (byte) 2), answer));
    assertFalse(driver.interrupt);
    driver.config(COMMAND, 2, 2);
    assertNull(driver.queue(1).next());
    driver.config(COMMAND, 2, 6);
    assertEquals(2, driver.queue(1).next().written());
    assertArrayEquals(new byte[] {3, 2}, driver.bytes(answer));
    assertTrue(driver.interrupt);
  }

  @Test
  void whatIsWrittenCanBeRead() {
    driver.start(EchoDevice.FEATURE);
    assertEquals(driver.offered() & ~EchoDevice.FEATURE, features());
    driver.write(1, 0x16, 2, 1);
    assertEquals(1, driver.read(1, 0x16, 2));
    GuestDriver.Queue queue = driver.queue(1);
    assertEquals(queue.size, driver.read(1, 0x18, 2));
    assertEquals(1, driver.read(1, 0x1c, 2));
    assertEquals(1, driver.read(1, 0x1e, 2));
    assertEquals(queue.descriptors, driver.read(1, 0x20, 8));
    assertEquals(queue.available, driver.read(1, 0x28, 8));
    assertEquals(queue.used, driver.read(1, 0x30, 8));
    driver.write(1, 0x1c, 2, 0);
    assertEquals(1, driver.read(1, 0x1c, 2), "only a reset lets it go");
    assertEquals(0xffff, driver.read(1, 0x10, 2), "there is no MSI-X");
    assertEquals(0x04030201, driver.read(4, 0, 4));
    driver.write(4, 1, 1, 9);
    assertEquals(0x04030901, driver.read(4, 0, 4));
    assertEquals(0, driver.read(1, 0x14, 4), "not its width");
    driver.write(1, 0x14, 1, 0);
    assertEquals(0, driver.read(1, 0x1c, 2));
    assertEquals(64, driver.read(1, 0x18, 2));
  }

  private long features() {
    driver.write(1, 0x08, 4, 0);
    long low = driver.read(1, 0x0c, 4);
    driver.write(1, 0x08, 4, 1);
    return low | driver.read(1, 0x0c, 4) << 32;
  }

  /** For firmware that cannot place memory. */
  @Test
  void theConfigurationSpaceHasAWindowToTheRegisters() {
    window(VirtioPci.MEMORY_BAR, 0x14, 1);
    driver.config(0x94, 1, 3);
    assertEquals(3, driver.status());
    assertEquals(3, driver.config(0x94, 4));
    window(VirtioPci.MEMORY_BAR, (int) VirtioPci.CONFIG, 4);
    assertEquals(0x04030201, driver.config(0x94, 4));
    assertEquals(0x01, driver.config(0x94, 1));
    for (int[] wrong : new int[][] {{0, 0, 4}, {4, 0, 3}, {4, 2, 4}, {4, 0x4000, 1}, {4, -4, 4}}) {
      window(wrong[0], wrong[1], wrong[2]);
      driver.config(0x94, 4, -1 & 0xffff_ffffL);
      assertEquals(0, driver.config(0x94, 4));
    }
    assertEquals(3, driver.status());
  }

  private void window(int bar, int offset, int length) {
    driver.config(0x88, 1, bar);
    driver.config(0x8c, 4, offset & 0xffff_ffffL);
    driver.config(0x90, 4, length);
  }

  @Test
  void goesOnAsItWasSaved() {
    driver.start();
    echoOne(1);
    byte[] saved = DeviceChecks.saved(driver.host);
    driver.host.reset();
    assertFalse(driver.interrupt);
    assertEquals(0, driver.config(COMMAND, 2));
    DeviceChecks.restored(saved, driver.host);
    assertTrue(driver.interrupt);
    driver.acknowledge();
    echoOne(2);
    try (PciDriver other = new PciDriver(new EchoDevice())) {
      DeviceChecks.carryOver(new PciDriver(new EchoDevice()).host, other.host);
    }
  }

  @Property(tries = 200)
  void standsGarbage(@ForAll long seed) {
    Random random = new Random(seed);
    driver.release();
    driver.start();
    for (int i = 0; i < 20; i++) {
      DeviceChecks.bombard(driver.host, VirtBoard.PCI.size(), random, 20);
      garble(random);
      driver.place();
      garble(random);
    }
    driver.host.reset();
    driver.place();
    driver.release();
    driver.ram.clear(GuestDriver.BASE, GuestDriver.RAM_BYTES);
    driver.start();
    echoOne(3);
  }

  /** Most of the memory is nothing; what is something is at the beginning of structures. */
  private void garble(Random random) {
    for (int i = 0; i < 50; i++) {
      int bytes = 1 << random.nextInt(4);
      long at = (random.nextInt(4) << 12) + random.nextInt(0x40 / bytes) * bytes;
      if (random.nextBoolean()) {
        driver.function.write(at, bytes, random.nextLong() & -1L >>> 64 - 8 * bytes);
      } else {
        driver.function.read(at, bytes);
      }
    }
  }
}
