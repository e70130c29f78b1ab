package dev.isomorph.systemvm.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.options.NetworkOptions.PortForward;
import dev.isomorph.systemvm.options.NetworkOptions.Protocol;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetBackendsTest {
  @TempDir Path folder;

  private static byte[] frame(int to, int from, int length) {
    byte[] frame = new byte[length];
    frame[5] = (byte) to;
    frame[11] = (byte) from;
    Arrays.fill(frame, 12, length, (byte) length);
    return frame;
  }

  private static byte[] broadcast(int from) {
    byte[] frame = frame(0, from, 60);
    Arrays.fill(frame, 0, 6, (byte) 0xff);
    return frame;
  }

  private static void send(NetBackend backend, byte[] frame) {
    backend.send(frame, 0, frame.length);
  }

  @Test
  void aSwitchLearnsWhoIsWhere() {
    VirtualSwitch network = new VirtualSwitch();
    NetBackend[] ports = {network.port(), network.port(), network.port()};
    Card[] cards = {new Card(), new Card(), new Card()};
    for (int i = 0; i < 3; i++) {
      ports[i].connect(cards[i]);
    }
    send(ports[0], frame(2, 1, 60));
    assertEquals(List.of(0, 1, 1), counts(cards), "nobody knows yet where 2 is");
    send(ports[1], frame(1, 2, 60));
    assertEquals(List.of(1, 1, 1), counts(cards));
    send(ports[2], frame(2, 3, 60));
    assertEquals(List.of(1, 2, 1), counts(cards));
    send(ports[0], broadcast(1));
    assertEquals(List.of(1, 3, 2), counts(cards));
    send(ports[0], frame(1, 1, 60));
    assertEquals(List.of(1, 3, 2), counts(cards), "to itself");
    ports[1].close();
    send(ports[0], frame(2, 1, 60));
    assertEquals(List.of(1, 3, 3), counts(cards));
    send(ports[1], broadcast(2));
    assertEquals(List.of(1, 3, 3), counts(cards));
    assertTrue(VirtualSwitch.named("a") == VirtualSwitch.named("a"));
  }

  private static List<Integer> counts(Card[] cards) {
    return Arrays.stream(cards).map(card -> card.frames.size()).toList();
  }

  @Test
  void aStreamCarriesEachFrameBehindItsLength() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    StreamNet stream = StreamNet.listen(any);
    Card card = new Card();
    try (stream) {
      stream.connect(card);
      assertFalse(stream.up());
      send(stream, frame(1, 2, 60));
      int port = ((InetSocketAddress) stream.localAddress()).getPort();
      try (Socket socket = new Socket(any.getAddress(), port)) {
        card.links.acquire();
        assertTrue(stream.up());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        for (int length : new int[] {14, 1514, 65549, 3, 60}) {
          out.writeInt(length);
          out.write(frame(1, 2, Math.max(14, length)), 0, length);
        }
        for (int length : new int[] {14, 1514, 65549, 60}) {
          assertArrayEquals(frame(1, 2, length), card.frames.take());
        }
        send(stream, frame(3, 4, 99));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertEquals(99, in.readInt());
        assertArrayEquals(frame(3, 4, 99), in.readNBytes(99));
        out.writeInt(1 << 30);
        assertEquals(-1, in.read(), "a length that no frame has ends it");
      }
      card.links.acquire();
      assertFalse(stream.up());
      try (Socket socket = new Socket(any.getAddress(), port)) {
        card.links.acquire();
        assertTrue(stream.up(), "the next client");
        assertTrue(socket.isConnected());
      }
    }
  }

  @Test
  void aFrameThatIsRefusedComesAgain() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("net"));
    StreamNet server = StreamNet.listen(address);
    Card near = new Card();
    Card far = new Card();
    far.refusals.release();
    try (server;
        StreamNet client = StreamNet.connectTo(address)) {
      server.connect(near);
      client.connect(far);
      near.links.acquire();
      send(server, frame(1, 2, 60));
      send(server, frame(1, 2, 61));
      far.refused.acquire();
      client.acceptInput();
      assertEquals(60, far.frames.take().length);
      assertEquals(61, far.frames.take().length);
    }
    assertFalse(Files.exists(address.getPath()));
  }

  @Test
  void tellsPasstWhichPortsToForward() {
    assertEquals(
        List.of(
            "passt",
            "--foreground",
            "--one-off",
            "--socket",
            "/s",
            "--tcp-ports",
            "2222:22",
            "--udp-ports",
            "127.0.0.1/53:5353"),
        PasstNet.command(
            Path.of("/s"),
            List.of(
                new PortForward(Protocol.TCP, "", 2222, 22),
                new PortForward(Protocol.UDP, "127.0.0.1", 53, 5353))));
  }

  /** Remembers what comes, and refuses as often as it may. */
  private static final class Card implements NetFrontend {
    final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    final Semaphore links = new Semaphore(0);
    final Semaphore refusals = new Semaphore(0);
    final Semaphore refused = new Semaphore(0);

    @Override
    public boolean receive(byte[] bytes, int offset, int length) {
      if (refusals.tryAcquire()) {
        refused.release();
        return false;
      }
      frames.add(Arrays.copyOfRange(bytes, offset, offset + length));
      return true;
    }

    @Override
    public void linkChanged() {
      links.release();
    }
  }
}
