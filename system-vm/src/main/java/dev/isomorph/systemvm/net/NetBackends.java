package dev.isomorph.systemvm.net;

import dev.isomorph.systemvm.host.HostSockets;
import dev.isomorph.systemvm.options.NetworkOptions;
import java.io.IOException;
import java.net.SocketAddress;

/** Opens the far end of a cable as the user asked for it. */
public final class NetBackends {
  private NetBackends() {}

  /**
   * Opens a backend.
   *
   * @throws IOException if it cannot be had
   */
  public static NetBackend open(NetworkOptions options) throws IOException {
    return switch (options) {
      case NetworkOptions.User user -> PasstNet.start(user.forwards());
      case NetworkOptions.Switch to -> VirtualSwitch.named(to.name()).port();
      case NetworkOptions.Stream stream -> {
        SocketAddress address = HostSockets.resolve(stream.address());
        yield stream.server() ? StreamNet.listen(address) : StreamNet.connectTo(address);
      }
    };
  }
}
