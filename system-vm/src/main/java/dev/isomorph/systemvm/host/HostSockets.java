package dev.isomorph.systemvm.host;

import dev.isomorph.systemvm.options.NetworkOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Stream sockets of the host's, TCP or in the file system. */
public final class HostSockets {
  private HostSockets() {}

  /**
   * The address that the user means. A server's without a host is that of all interfaces.
   *
   * @throws UnknownHostException if there is no such host
   */
  public static SocketAddress resolve(NetworkOptions.SocketAddress address) throws IOException {
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

  /**
   * Connects to a server.
   *
   * @throws IOException with a line for the user, if there is none
   */
  public static SocketChannel connect(SocketAddress address) throws IOException {
    try {
      return SocketChannel.open(address);
    } catch (IOException e) {
      throw new IOException("cannot connect to " + text(address) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits for clients at an address. A socket left in the file system by another process is
   * replaced.
   *
   * @throws IOException with a line for the user, if the address cannot be had
   */
  public static ServerSocketChannel listen(SocketAddress address) throws IOException {
    ServerSocketChannel server =
        address instanceof InetSocketAddress
            ? ServerSocketChannel.open()
            : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (address instanceof UnixDomainSocketAddress unix) {
        removeStale(unix.getPath());
      }
      return server.bind(address);
    } catch (IOException e) {
      server.close();
      throw new IOException("cannot listen at " + text(address) + ": " + e.getMessage(), e);
    }
  }

  /** As the user would write it. */
  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : address.toString();
  }

  /** Ends waiting, and removes the socket from the file system. */
  public static void close(ServerSocketChannel server) throws IOException {
    SocketAddress address = server.getLocalAddress();
    server.close();
    if (address instanceof UnixDomainSocketAddress unix) {
      Files.deleteIfExists(unix.getPath());
    }
  }

  /** Sends small pieces at once. */
  public static void setNoDelay(SocketChannel channel) throws IOException {
    if (channel.getRemoteAddress() instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  private static void removeStale(Path file) throws IOException {
    if (Files.exists(file) && Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
      Files.delete(file);
    }
  }
}
