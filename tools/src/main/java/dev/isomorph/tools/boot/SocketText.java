package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import java.nio.file.Path;

/** Addresses of sockets on the command line. */
final class SocketText {
  private static final String TCP = "tcp:";
  private static final String UNIX = "unix:";
  private static final int MOST_PORT = 0xffff;

  private SocketText() {}

  /** {@code HOST:PORT}; without a host the loopback. */
  static SocketAddress inet(String option, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(option + " needs HOST:PORT, not '" + text + "'");
    }
    return inet(option, text.substring(0, colon), text.substring(colon + 1));
  }

  static SocketAddress inet(String option, String host, String port) {
    int number = Sizes.number(option, port);
    if (number < 1 || number > MOST_PORT) {
      throw new IllegalArgumentException(option + ": " + port + " is no port number");
    }
    return new SocketAddress.Inet(host.isEmpty() ? "127.0.0.1" : host, number);
  }

  /** {@code PORT} on the loopback, {@code tcp:HOST:PORT}, {@code unix:PATH} or just a path. */
  static SocketAddress parse(String option, String text) {
    if (text.startsWith(TCP)) {
      return inet(option, text.substring(TCP.length()));
    }
    if (text.startsWith(UNIX)) {
      return unix(text.substring(UNIX.length()));
    }
    return text.contains("/") ? unix(text) : inet(option, "", text);
  }

  static SocketAddress unix(String path) {
    return new SocketAddress.Unix(Path.of(path));
  }
}
