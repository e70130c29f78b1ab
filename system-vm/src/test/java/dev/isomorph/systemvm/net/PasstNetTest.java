package dev.isomorph.systemvm.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.systemvm.options.NetworkOptions.PortForward;
import dev.isomorph.systemvm.options.NetworkOptions.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real passt; skipped where there is none, or where it cannot run. */
@Timeout(60)
class PasstNetTest {
  private static final byte[] MAC = {0x52, 0x54, 0, 1, 2, 3};
  private static final int ARP = 0x0806;
  private static final int IPV4 = 0x0800;
  private static final int SYN = 2;

  @BeforeEach
  void requirePasst() {
    boolean there = false;
    for (String path : System.getenv().getOrDefault("PATH", "").split(":")) {
      there |= Files.isExecutable(Path.of(path, "passt"));
    }
    assumeTrue(there, "there is no passt");
  }

  @Test
  void answersAndForwardsPorts() throws Exception {
    int port = freePort();
    BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    try (PasstNet net = start(List.of(new PortForward(Protocol.TCP, "127.0.0.1", port, 22)))) {
      net.connect(
          new NetFrontend() {
            @Override
            public boolean receive(byte[] bytes, int offset, int length) {
              return frames.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }

            @Override
            public void linkChanged() {}
          });
      byte[] request = whoHas(new byte[] {(byte) 192, 0, 2, 77});
      net.send(request, 0, request.length);
      byte[] answer = next(frames, ARP);
      assertArrayEquals(MAC, Arrays.copyOf(answer, 6));
      try (SocketChannel client = SocketChannel.open()) {
        client.configureBlocking(false);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        byte[] packet = next(frames, IPV4);
        ByteBuffer tcp = ByteBuffer.wrap(packet).position(14 + (packet[14] & 0xf) * 4).slice();
        assertTrue(tcp.getShort(2) == 22 && (tcp.get(13) & SYN) != 0);
      }
    }
  }

  private static PasstNet start(List<PortForward> forwards) throws IOException {
    try {
      return PasstNet.start(forwards);
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
      throw e;
    }
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PortForward forward =
          new PortForward(Protocol.TCP, "not.an.address", taken.getLocalPort(), 22);
      String message =
          assertThrows(IOException.class, () -> PasstNet.start(List.of(forward)).close())
              .getMessage();
      assertTrue(message.startsWith("passt has ended: "), message);
      assertFalse(message.contains("\n"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static byte[] next(BlockingQueue<byte[]> frames, int type) throws Exception {
    byte[] frame = frames.take();
    while (ByteBuffer.wrap(frame).getShort(12) != type) {
      frame = frames.take();
    }
    return frame;
  }

  private static byte[] whoHas(byte[] address) {
    ByteBuffer frame = ByteBuffer.allocate(60);
    frame.put(new byte[] {-1, -1, -1, -1, -1, -1}).put(MAC).putShort((short) ARP);
    frame.putShort((short) 1).putShort((short) IPV4).put((byte) 6).put((byte) 4);
    frame.putShort((short) 1).put(MAC).put(new byte[4]).put(new byte[6]).put(address);
    return frame.array();
  }
}
