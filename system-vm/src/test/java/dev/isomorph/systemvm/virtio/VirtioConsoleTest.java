package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import dev.isomorph.systemvm.virtio.GuestDriver.Used;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioConsoleTest {
  private final Backend backend = new Backend();
  private final GuestDriver driver = new GuestDriver(new VirtioConsole("console", backend));

  @AfterEach
  void close() {
    driver.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private int type(String text) {
    return backend.frontend.receive(ascii(text), 0, text.length());
  }

  @Test
  void sendsWhatTheDriverWrites() {
    driver.start();
    Used used = driver.queue(1).send(driver.out(ascii("hello ")), driver.out(ascii("world")));
    assertEquals(new Used(0, 0), used);
    assertEquals("hello world", backend.written.toString());
  }

  @Test
  void waitsForASlowHost() {
    driver.start();
    backend.room = 3;
    GuestDriver.Queue queue = driver.queue(1);
    queue.offer(queue.chain(driver.out(ascii("first"))));
    queue.offer(queue.chain(driver.out(ascii("second"))));
    queue.kick();
    assertNull(queue.next());
    backend.room = 4;
    backend.frontend.writable();
    assertEquals(new Used(0, 0), queue.next());
    assertNull(queue.next());
    backend.room = 100;
    backend.frontend.writable();
    assertEquals(new Used(1, 0), queue.next());
    assertEquals("firstsecond", backend.written.toString());
  }

  @Test
  void whatIsTypedAheadIsSaved() throws IOException {
    driver.start();
    type("typed ");
    driver.device.pause();
    byte[] saved = DeviceChecks.saved(driver.device);
    GuestDriver.Queue queue = driver.queue(0);
    Buffer answer = driver.in(40);
    queue.offer(queue.chain(answer));
    driver.device.resume();
    driver.device.pause();
    assertEquals(new Used(0, 6), queue.next());
    type("later");
    DeviceChecks.restored(saved, driver.device);
    driver.device.resume();
    assertEquals(11, driver.ram.getInt(queue.used + 8));
    assertEquals("typed later", new String(driver.bytes(answer), 0, 11, StandardCharsets.US_ASCII));
  }

  @Test
  void forgetsAHalfSentBufferAtAReset() {
    driver.start();
    backend.room = 3;
    driver.queue(1).send(driver.out(ascii("first")));
    driver.start();
    backend.room = 100;
    driver.queue(1).send(driver.out(ascii("second")));
    assertEquals("firsecond", backend.written.toString());
  }

  @Test
  void givesWhatIsTypedToTheDriver() {
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    Buffer one = driver.in(4);
    Buffer two = driver.in(4);
    assertEquals(6, type("typed "));
    queue.offer(queue.chain(one));
    queue.offer(queue.chain(two));
    queue.kick();
    assertEquals(new Used(0, 4), queue.next());
    assertEquals(new Used(1, 2), queue.next());
    assertEquals("type", new String(driver.bytes(one), StandardCharsets.US_ASCII));
    assertEquals('d', driver.bytes(two)[0]);
  }

  @Test
  void asksForMoreWhenThereIsRoomAgain() {
    driver.start();
    assertEquals(4096, type("x".repeat(5000)));
    assertEquals(0, type("y"));
    assertEquals(0, backend.accepted);
    driver.queue(0).send(driver.in(100));
    assertEquals(1, backend.accepted);
    assertEquals(5, type("zzzzz"));
  }

  @Property(tries = 100)
  void anyGuest(@ForAll long seed) {
    RandomGuestTest.torment(new VirtioConsole("console", new Backend()), seed);
  }

  private static final class Backend implements CharBackend {
    final StringBuilder written = new StringBuilder();
    int room = Integer.MAX_VALUE;
    int accepted;
    CharFrontend frontend;

    @Override
    public void connect(CharFrontend to) {
      frontend = to;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
      int taken = Math.min(room, length);
      room -= taken;
      written.append(new String(bytes, offset, taken, StandardCharsets.ISO_8859_1));
      return taken;
    }

    @Override
    public void acceptInput() {
      accepted++;
    }

    @Override
    public void close() {}
  }
}
