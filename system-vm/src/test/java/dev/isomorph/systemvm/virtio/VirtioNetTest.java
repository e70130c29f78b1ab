package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetFrontend;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import dev.isomorph.systemvm.virtio.GuestDriver.Used;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioNetTest {
  private final Cable cable = new Cable();
  private final GuestDriver driver = new GuestDriver(new VirtioNet("net0", 0x525400123456L, cable));

  @AfterEach
  void close() {
    driver.close();
  }

  private static byte[] frame(int length, int seed) {
    byte[] frame = new byte[length];
    new Random(seed).nextBytes(frame);
    return frame;
  }

  private boolean arrives(byte[] frame) {
    return cable.frontend.receive(frame, 0, frame.length);
  }

  private static byte[] behindHeader(byte[] frame, int buffers) {
    byte[] packet = new byte[12 + frame.length];
    packet[10] = (byte) buffers;
    System.arraycopy(frame, 0, packet, 12, frame.length);
    return packet;
  }

  @Test
  void tellsItsAddressAndItsLink() {
    driver.start();
    assertEquals(0x12005452, driver.device.read(0x100, 4));
    assertEquals(0x5634, driver.device.read(0x104, 2));
    assertEquals(1, driver.device.read(0x106, 2));
    driver.acknowledge();
    cable.up = false;
    cable.frontend.linkChanged();
    assertEquals(VirtioCore.CONFIGURATION, driver.acknowledge());
    assertEquals(0, driver.device.read(0x106, 2));
    assertEquals(
        VirtioNet.MAC | VirtioNet.MERGEABLE_BUFFERS | VirtioNet.STATUS,
        driver.offered() & ~Feature.COMMON);
  }

  @Test
  void framesThatWaitAreSaved() throws IOException {
    driver.start();
    byte[] frame = frame(60, 3);
    assertTrue(arrives(frame));
    driver.device.pause();
    byte[] saved = DeviceChecks.saved(driver.device);
    driver.set(0x70, 0);
    DeviceChecks.restored(saved, driver.device);
    driver.device.resume();
    GuestDriver.Queue queue = driver.queue(0);
    Buffer buffer = driver.in(72);
    assertEquals(new Used(0, 72), queue.send(buffer));
    assertArrayEquals(behindHeader(frame, 1), driver.bytes(buffer));
  }

  @Test
  void sendsFrames() {
    driver.start();
    byte[] frame = frame(60, 1);
    driver.queue(1).send(driver.out(behindHeader(frame, 0)));
    Used used =
        driver.queue(1).send(driver.out(new byte[5]), driver.out(new byte[7]), driver.out(frame));
    assertEquals(0, used.written());
    driver.queue(1).send(driver.out(new byte[12 + 13]));
    assertEquals(2, cable.sent.size());
    assertArrayEquals(frame, cable.sent.get(0));
    assertArrayEquals(frame, cable.sent.get(1));
    assertFalse(driver.needsReset());
    driver.queue(1).send(driver.out(new byte[11]));
    assertTrue(driver.needsReset());
  }

  @Test
  void receivesIntoAsManyBuffersAsItTakes() {
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    byte[] frame = frame(1000, 2);
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      buffers.add(driver.in(400));
      queue.offer(queue.chain(buffers.get(i)));
      queue.kick();
    }
    assertTrue(arrives(frame));
    byte[] expected = behindHeader(frame, 3);
    assertEquals(new Used(0, 400), queue.next());
    assertEquals(new Used(1, 400), queue.next());
    assertEquals(new Used(2, 212), queue.next());
    for (int i = 0; i < 3; i++) {
      int length = i < 2 ? 400 : 212;
      assertArrayEquals(
          Arrays.copyOfRange(expected, 400 * i, 400 * i + length),
          Arrays.copyOf(driver.bytes(buffers.get(i)), length));
    }
  }

  @Test
  void keepsFramesUntilThereAreBuffers() {
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    queue.offer(queue.chain(driver.in(100)));
    queue.kick();
    assertTrue(arrives(frame(150, 3)));
    assertNull(queue.next(), "half a frame is none");
    assertFalse(driver.interrupt);
    queue.offer(queue.chain(driver.in(100)));
    queue.kick();
    assertEquals(new Used(0, 100), queue.next());
    assertEquals(new Used(1, 62), queue.next());
    assertTrue(driver.interrupt);
  }

  @Test
  void holdsTheSenderBackWhenTooManyWait() {
    driver.start();
    byte[] frame = frame(60, 4);
    int taken = 0;
    while (arrives(frame)) {
      taken++;
    }
    assertEquals(256, taken);
    assertEquals(0, cable.accepted);
    Buffer buffer = driver.in(72);
    for (int i = 0; i < 128; i++) {
      assertEquals(0, cable.accepted);
      driver.queue(0).send(buffer);
    }
    assertEquals(1, cable.accepted);
    assertTrue(arrives(frame));
  }

  @Test
  void withoutMergingAFrameThatDoesNotFitIsLost() {
    driver.start(VirtioNet.MERGEABLE_BUFFERS);
    GuestDriver.Queue queue = driver.queue(0);
    queue.offer(queue.chain(driver.in(100)));
    queue.offer(queue.chain(driver.in(100)));
    queue.kick();
    assertTrue(arrives(frame(150, 5)));
    assertNull(queue.next());
    assertTrue(arrives(frame(80, 5)));
    assertEquals(new Used(0, 92), queue.next());
  }

  @Test
  void framesForNobodyAreLost() {
    assertTrue(arrives(frame(60, 6)));
    driver.start();
    GuestDriver.Queue queue = driver.queue(0);
    assertTrue(arrives(frame(61, 6)));
    driver.start();
    queue = driver.queue(0);
    queue.offer(queue.chain(driver.in(100)));
    queue.kick();
    assertNull(queue.next());
    assertTrue(arrives(frame(62, 6)));
    assertEquals(new Used(0, 74), queue.next());
  }

  @Property(tries = 150)
  void anyGuest(@ForAll long seed) {
    Cable wild = new Cable();
    VirtioNet net = new VirtioNet("net", seed, wild);
    wild.echo = true;
    RandomGuestTest.torment(net, seed);
  }

  private static final class Cable implements NetBackend {
    final List<byte[]> sent = new ArrayList<>();
    boolean up = true;
    boolean echo;
    int accepted;
    NetFrontend frontend;

    @Override
    public void connect(NetFrontend to) {
      frontend = to;
    }

    @Override
    public boolean up() {
      return up;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
      sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
      if (echo) {
        frontend.receive(bytes, offset, length);
      }
    }

    @Override
    public void acceptInput() {
      accepted++;
    }

    @Override
    public void close() {}
  }
}
