package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VirtioBalloonTest {
  private static byte[] numbers(long... pages) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pages.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long page : pages) {
      bytes.putInt((int) page);
    }
    return bytes.array();
  }

  @Test
  void asksForMemoryAndReleasesWhatIsGiven() {
    VirtioBalloon balloon = new VirtioBalloon("balloon");
    try (GuestDriver driver = new GuestDriver(balloon).start()) {
      Ram ram = driver.ram;
      driver.acknowledge();
      balloon.request(8192 + 4095);
      assertEquals(VirtioCore.CONFIGURATION, driver.acknowledge());
      assertEquals(2, driver.device.read(0x100, 4));
      long page = GuestDriver.BASE + 0x80000;
      ram.putByte(page - 1, 1);
      ram.putByte(page, 2);
      ram.putByte(page + 4096, 3);
      ram.putByte(page + 8192, 4);
      driver
          .queue(VirtioBalloon.INFLATE)
          .send(driver.out(numbers(page >>> 12, 0, (page >>> 12) + 1, 0xffff_ffffL)));
      assertEquals(1, ram.getByte(page - 1));
      assertEquals(0, ram.getByte(page));
      assertEquals(0, ram.getByte(page + 4096));
      assertEquals(4, ram.getByte(page + 8192));
      driver.device.write(0x104, 4, 2);
      assertEquals(8192, balloon.given());
      driver.device.write(0x100, 4, 77);
      assertEquals(2, driver.device.read(0x100, 4));
      driver.queue(VirtioBalloon.DEFLATE).send(driver.out(numbers(page >>> 12)));
      assertFalse(driver.needsReset());
    }
  }

  @Test
  void releasesWhatIsReportedAndNoMore() {
    try (GuestDriver driver = new GuestDriver(new VirtioBalloon("balloon")).start()) {
      Ram ram = driver.ram;
      long page = GuestDriver.BASE + 0x80000;
      for (long at = page - 8; at < page + 3 * 4096; at += 8) {
        ram.putLong(at, -1);
      }
      driver
          .queue(VirtioBalloon.REPORTING)
          .send(new Buffer(page - 4, 8200, true), new Buffer(page + 10000, 100, true));
      for (long at = page - 8; at < page + 3 * 4096; at++) {
        boolean given =
            at >= page - 4 && at < page + 8196 || at >= page + 10000 && at < page + 10100;
        assertEquals(given ? 0 : 0xff, ram.getByte(at), "byte " + (at - page));
      }
    }
  }

  @Property(tries = 100)
  void anyGuest(@ForAll long seed) {
    RandomGuestTest.torment(new VirtioBalloon("balloon"), seed);
  }
}
