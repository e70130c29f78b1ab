package dev.isomorph.systemvm.device.serial;

import dev.isomorph.systemvm.host.HostSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;

/**
 * A stream socket, TCP or in the file system. A server talks to one client at a time and waits for
 * the next when that is gone; what is sent while there is none is lost.
 */
public final class SocketBackend implements CharBackend {
  private final ServerSocketChannel server;
  private final SocketChannel first;
  private final Executor executor;
  private volatile Connection connection;
  private volatile CharFrontend frontend;
  private volatile boolean closed;

  /** The other side of the moment. */
  private record Connection(SocketChannel channel, OutputPump output, InputPump input) {}

  private SocketBackend(ServerSocketChannel server, SocketChannel first, Executor executor) {
    this.server = server;
    this.first = first;
    this.executor = executor;
  }

  /**
   * Waits for clients at an address. A socket left in the file system by another process is
   * replaced.
   *
   * @param waits whether to return only when there is a client
   * @throws IOException if the address cannot be had
   */
  public static SocketBackend listen(SocketAddress address, boolean waits, Executor executor)
      throws IOException {
    ServerSocketChannel server = HostSockets.listen(address);
    try {
      return new SocketBackend(server, waits ? server.accept() : null, executor);
    } catch (IOException e) {
      HostSockets.close(server);
      throw e;
    }
  }

  /**
   * Connects to a server; when that is gone, it is for good.
   *
   * @throws IOException if there is none
   */
  public static SocketBackend connectTo(SocketAddress address, Executor executor)
      throws IOException {
    return new SocketBackend(null, HostSockets.connect(address), executor);
  }

  /** The address that clients connect to. */
  SocketAddress localAddress() throws IOException {
    return server.getLocalAddress();
  }

  @Override
  public void connect(CharFrontend frontend) {
    this.frontend = frontend;
    if (first != null) {
      connection = connection(first);
    }
    Thread thread = new Thread(this::serve, "serial socket");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try {
      if (first != null) {
        talk(connection);
      }
      while (server != null && !closed) {
        talk(connection(server.accept()));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private Connection connection(SocketChannel channel) {
    OutputPump output = new OutputPump(Channels.newOutputStream(channel), executor, this::tellRoom);
    InputPump input = new InputPump(Channels.newInputStream(channel), frontend);
    return new Connection(channel, output, input);
  }

  private void talk(Connection current) {
    try (SocketChannel channel = current.channel) {
      HostSockets.setNoDelay(channel);
      connection = current;
      frontend.opened();
      current.input.run();
    } catch (IOException e) {
      // it is gone already, or all is closed
    }
    connection = null;
    tellRoom(); // what was held back is lost with the other side
  }

  private void tellRoom() {
    CharFrontend receiver = frontend;
    if (receiver != null) {
      receiver.writable();
    }
  }

  @Override
  public int write(byte[] bytes, int offset, int length) {
    Connection current = connection;
    return current == null ? length : current.output.write(bytes, offset, length);
  }

  @Override
  public void acceptInput() {
    Connection current = connection;
    if (current != null) {
      current.input.acceptInput();
    }
  }

  @Override
  public void close() {
    closed = true;
    Connection current = connection;
    try {
      if (current != null) {
        current.output.finish();
        current.input.close();
        current.channel.close();
      }
      if (server != null) {
        HostSockets.close(server);
      }
    } catch (IOException e) {
      return; // nobody is left who could be told
    }
  }
}
