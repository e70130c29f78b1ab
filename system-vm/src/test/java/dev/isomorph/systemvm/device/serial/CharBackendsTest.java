package dev.isomorph.systemvm.device.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CharBackendsTest {
  @TempDir private Path folder;
  private final Executor executor = DaemonExecutor.named("test output");
  private final Listener guest = new Listener();

  private static void send(CharBackend backend, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(bytes.length, backend.write(bytes, 0, bytes.length));
  }

  private static String read(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void nothing() throws IOException {
    try (CharBackend backend = CharBackends.open(new CharacterBackend.None(), executor)) {
      backend.connect(guest);
      send(backend, "lost");
    }
  }

  @Test
  void aFile() throws IOException {
    Path file = folder.resolve("out");
    Files.writeString(file, "what was there before");
    try (CharBackend backend = CharBackends.open(new CharacterBackend.ToFile(file), executor)) {
      backend.connect(guest);
      send(backend, "one");
      send(backend, " two");
    }
    assertEquals("one two", Files.readString(file));
    assertThrows(
        IOException.class, () -> CharBackends.open(new CharacterBackend.ToFile(folder), executor));
  }

  @Test
  void aServerTakesOneClientAfterTheOther() throws IOException, InterruptedException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (SocketBackend backend = SocketBackend.listen(any, false, executor)) {
      backend.connect(guest);
      send(backend, "nobody hears");
      InetSocketAddress address = (InetSocketAddress) backend.localAddress();
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.getOutputStream().write("first".getBytes(StandardCharsets.ISO_8859_1));
        guest.awaitText("first");
        send(backend, "welcome");
        assertEquals("welcome", read(client, 7));
      }
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.getOutputStream().write(" second".getBytes(StandardCharsets.ISO_8859_1));
        guest.awaitText("first second");
        send(backend, "again");
        assertEquals("again", read(client, 5));
      }
    }
  }

  @Test
  void aSlowGuestHoldsTheClientBack() throws IOException, InterruptedException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (SocketBackend backend = SocketBackend.listen(any, false, executor)) {
      guest.setRoom(3);
      backend.connect(guest);
      InetSocketAddress address = (InetSocketAddress) backend.localAddress();
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.getOutputStream().write("abcdefgh".getBytes(StandardCharsets.ISO_8859_1));
        guest.awaitText("abc");
        guest.setRoom(2);
        backend.acceptInput();
        guest.awaitText("abcde");
        guest.setRoom(100);
        backend.acceptInput();
        guest.awaitText("abcdefgh");
      }
    }
  }

  @Test
  void socketsInTheFileSystemBothWays() throws IOException, InterruptedException {
    Path path = folder.resolve("socket");
    SocketAddress address = new SocketAddress.Unix(path);
    Listener other = new Listener();
    try (CharBackend server =
        CharBackends.open(new CharacterBackend.Socket(address, true, false), executor)) {
      server.connect(guest);
      try (CharBackend client =
          CharBackends.open(new CharacterBackend.Socket(address, false, false), executor)) {
        client.connect(other);
        send(client, "to the server");
        guest.awaitText("to the server");
        send(server, "to the client");
        other.awaitText("to the client");
      }
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void aStaleSocketIsReplacedButNoFile() throws IOException {
    Path path = folder.resolve("socket");
    SocketBackend.listen(UnixDomainSocketAddress.of(path), false, executor);
    SocketBackend.listen(UnixDomainSocketAddress.of(path), false, executor).close();
    Files.writeString(path, "precious");
    assertThrows(
        IOException.class,
        () -> SocketBackend.listen(UnixDomainSocketAddress.of(path), false, executor));
    assertEquals("precious", Files.readString(path));
  }

  @Test
  void aWaitingServerHasItsClientAtOnce() throws Exception {
    Path path = folder.resolve("socket");
    SocketAddress address = new SocketAddress.Unix(path);
    Thread client =
        new Thread(
            () -> {
              while (!Files.exists(path)) {
                Thread.onSpinWait();
              }
              try (SocketChannel channel = connect(path)) {
                channel.read(ByteBuffer.allocate(1));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    client.start();
    try (CharBackend server =
        CharBackends.open(new CharacterBackend.Socket(address, true, true), executor)) {
      server.connect(guest);
      send(server, "!");
      client.join();
    }
  }

  /** The socket is there a moment before it listens. */
  private static SocketChannel connect(Path path) throws IOException {
    while (true) {
      try {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
      } catch (ConnectException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void noServerOrHostIsAnError() {
    SocketAddress nowhere = new SocketAddress.Unix(folder.resolve("nowhere"));
    assertThrows(
        IOException.class,
        () -> CharBackends.open(new CharacterBackend.Socket(nowhere, false, false), executor));
    SocketAddress unknown = new SocketAddress.Inet("no.such.host.invalid", 1);
    assertThrows(
        IOException.class,
        () -> CharBackends.open(new CharacterBackend.Socket(unknown, false, false), executor));
  }

  @Test
  void standardStreamsAreStreams() throws IOException {
    CharacterBackend standard = new CharacterBackend.Standard(true);
    try (CharBackend backend = CharBackends.open(standard, executor)) {
      assertInstanceOf(StreamBackend.class, backend);
    }
  }
}
