package dev.isomorph.systemvm.device.serial;

import dev.isomorph.systemvm.machine.CharacterBackend;
import dev.isomorph.systemvm.machine.NetworkOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;

/** Opens the host's end of a line as the user asked for it. */
public final class CharBackends {
  private CharBackends() {}

  /**
   * Opens a backend. Standard input and output with escape keys are to be shared by a {@link
   * CharMux}.
   *
   * @param executor where what is sent is written, one thing after the other
   * @throws IOException if it cannot be had
   */
  public static CharBackend open(CharacterBackend options, Executor executor) throws IOException {
    return switch (options) {
      case CharacterBackend.None none -> new NullBackend();
      case CharacterBackend.Standard standard -> StandardStreams.open(!standard.escape(), executor);
      case CharacterBackend.ToFile toFile -> StreamBackend.file(toFile.file(), executor);
      case CharacterBackend.Socket socket -> {
        SocketAddress address = resolve(socket.address());
        yield socket.server()
            ? SocketBackend.listen(address, socket.waits(), executor)
            : SocketBackend.connectTo(address, executor);
      }
    };
  }

  /** A server's address without a host is that of all interfaces. */
  private static SocketAddress resolve(NetworkOptions.SocketAddress address) throws IOException {
    return switch (address) {
      case NetworkOptions.SocketAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
      case NetworkOptions.SocketAddress.Inet inet -> {
        InetSocketAddress resolved =
            inet.host().isEmpty()
                ? new InetSocketAddress(inet.port())
                : new InetSocketAddress(inet.host(), inet.port());
        if (resolved.isUnresolved()) {
          throw new UnknownHostException("there is no host " + inet.host());
        }
        yield resolved;
      }
    };
  }
}
