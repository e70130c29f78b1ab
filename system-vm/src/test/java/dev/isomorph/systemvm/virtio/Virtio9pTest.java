package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.ninep.FolderServer;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Virtio9pTest {
  private static byte[] version(int length) {
    byte[] name = "9P2000.L".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(21)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .put((byte) 100)
        .putShort((short) -1)
        .putInt(8192)
        .putShort((short) name.length)
        .put(name)
        .array();
  }

  @Test
  void carriesMessagesAndTellsItsTag(@TempDir Path folder) throws IOException {
    try (FolderServer server = new FolderServer(folder, false);
        GuestDriver driver = new GuestDriver(new Virtio9p("share", "tools", server)).start()) {
      assertEquals(5, driver.device.read(0x100, 2));
      assertEquals('t', driver.device.read(0x102, 1));
      byte[] expected = version(21);
      expected[4] = 101;
      Buffer answer = driver.in(100);
      byte[] request = version(21);
      int written =
          driver
              .queue(0)
              .send(
                  driver.out(Arrays.copyOf(request, 5)),
                  driver.out(Arrays.copyOfRange(request, 5, 21)),
                  answer)
              .written();
      assertEquals(21, written);
      assertArrayEquals(expected, Arrays.copyOf(driver.bytes(answer), 21));
      for (int length : new int[] {0, 6, 22, -1}) {
        driver.start();
        driver.queue(0).send(driver.out(version(length)), driver.in(100));
        assertTrue(driver.needsReset(), "length " + length);
      }
      driver.start();
      driver.queue(0).send(driver.out(version(21)), driver.in(10));
      assertTrue(driver.needsReset(), "no room");
    }
  }

  @Property(tries = 100)
  void anyGuest(@ForAll long seed) throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try (FolderServer server = new FolderServer(folder, true)) {
      RandomGuestTest.torment(new Virtio9p("share", "tag", server), seed);
    }
  }
}
