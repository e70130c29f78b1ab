package dev.isomorph.systemvm.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Where a network device's frames go. */
public sealed interface NetworkOptions {
  /** Its name among the machine's networks. */
  String id();

  /** The host's own network, as its user sees it, by a {@code passt} of this machine's. */
  record User(String id, List<PortForward> forwards) implements NetworkOptions {
    public User {
      Objects.requireNonNull(id);
      forwards = List.copyOf(forwards);
    }
  }

  /**
   * A stream socket with each frame after its length, 32 bits in network order; as qemu's {@code
   * -netdev stream} has it.
   *
   * @param server whether this machine is the one that waits for the other
   */
  record Stream(String id, SocketAddress address, boolean server) implements NetworkOptions {
    public Stream {
      Objects.requireNonNull(id);
      Objects.requireNonNull(address);
    }
  }

  /**
   * A switch inside this process, which all machines of it share that name it.
   *
   * @param name the switch's
   */
  record Switch(String id, String name) implements NetworkOptions {
    public Switch {
      Objects.requireNonNull(id);
      Objects.requireNonNull(name);
    }
  }

  /**
   * A port of the host's that leads to one of the guest's.
   *
   * @param host address on the host, empty for all
   */
  record PortForward(Protocol protocol, String host, int hostPort, int guestPort) {
    private static final int MOST = 0xffff;

    /**
     * @throws IllegalArgumentException with a line for the user, if there is no such port
     */
    public PortForward {
      Objects.requireNonNull(protocol);
      Objects.requireNonNull(host);
      for (int port : new int[] {hostPort, guestPort}) {
        if (port < 1 || port > MOST) {
          throw new IllegalArgumentException(port + " is no port number");
        }
      }
    }
  }

  /** What a port is one of. */
  enum Protocol {
    TCP,
    UDP
  }

  /** Where a stream socket is. */
  sealed interface SocketAddress {
    /** A name or an address, and a port. */
    record Inet(String host, int port) implements SocketAddress {
      public Inet {
        Objects.requireNonNull(host);
      }

      @Override
      public String toString() {
        return host + ":" + port;
      }
    }

    /** A socket in the file system. */
    record Unix(Path path) implements SocketAddress {
      public Unix {
        Objects.requireNonNull(path);
      }

      @Override
      public String toString() {
        return path.toString();
      }
    }
  }
}
