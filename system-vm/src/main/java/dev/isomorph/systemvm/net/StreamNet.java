package dev.isomorph.systemvm.net;

import dev.isomorph.systemvm.host.HostSockets;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A cable that is a stream socket: each frame after its length, 32 bits in network order, as of
 * qemu's {@code -netdev stream} and {@code -netdev socket}. A server talks to one client at a time
 * and waits for the next when that is gone; a client that loses its server has lost it for good.
 */
public final class StreamNet implements NetBackend {
  private static final int LENGTH_BYTES = 4;

  private final ServerSocketChannel server;
  private final SocketChannel first;
  private final Object sending = new Object();
  private final ByteBuffer output = ByteBuffer.allocateDirect(LENGTH_BYTES + LONGEST_FRAME);
  private volatile SocketChannel channel;
  private volatile NetFrontend frontend;
  private volatile Thread receiver;
  private volatile boolean closed;

  private StreamNet(ServerSocketChannel server, SocketChannel first) {
    this.server = server;
    this.first = first;
  }

  /**
   * Waits for clients.
   *
   * @throws IOException if the address cannot be had
   */
  public static StreamNet listen(SocketAddress address) throws IOException {
    return new StreamNet(HostSockets.listen(address), null);
  }

  /**
   * Connects to a server.
   *
   * @throws IOException if there is none
   */
  public static StreamNet connectTo(SocketAddress address) throws IOException {
    return new StreamNet(null, HostSockets.connect(address));
  }

  /** The address that clients connect to. */
  SocketAddress localAddress() throws IOException {
    return server.getLocalAddress();
  }

  @Override
  public void connect(NetFrontend to) {
    frontend = to;
    channel = first;
    Thread thread = new Thread(this::run, "network socket");
    thread.setDaemon(true);
    receiver = thread;
    thread.start();
  }

  @Override
  public boolean up() {
    return channel != null;
  }

  private void run() {
    try {
      if (server == null) {
        talk(first);
      }
      while (server != null && !closed) {
        talk(server.accept());
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  /** Receives until the other side is gone. */
  private void talk(SocketChannel with) {
    try (with) {
      HostSockets.setNoDelay(with);
      channel = with;
      frontend.linkChanged();
      ByteBuffer input = ByteBuffer.allocate(2 * (LENGTH_BYTES + LONGEST_FRAME)).limit(0);
      while (!closed) {
        require(with, input, LENGTH_BYTES);
        int length = input.getInt();
        if (length < 0 || length > LONGEST_FRAME) {
          throw new IOException("a frame of " + length + " bytes");
        }
        require(with, input, length);
        deliver(input.array(), input.position(), length);
        input.position(input.position() + length);
      }
    } catch (IOException e) {
      // The other side is gone, does not speak this protocol, or all is closed.
    }
    channel = null;
    frontend.linkChanged();
  }

  /** Reads until {@code count} bytes are there. */
  private static void require(SocketChannel from, ByteBuffer input, int count) throws IOException {
    if (input.remaining() >= count) {
      return;
    }
    input.compact();
    while (input.position() < count) {
      if (from.read(input) < 0) {
        throw new EOFException();
      }
    }
    input.flip();
  }

  private void deliver(byte[] bytes, int offset, int length) {
    while (!closed && length >= SHORTEST_FRAME && !frontend.receive(bytes, offset, length)) {
      LockSupport.park(this);
    }
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    SocketChannel to = channel;
    if (to == null || length > LONGEST_FRAME) {
      return;
    }
    synchronized (sending) {
      output.clear().putInt(length).put(bytes, offset, length).flip();
      try {
        while (output.hasRemaining()) {
          to.write(output);
        }
      } catch (IOException e) {
        return; // the receiving thread sees it, too
      }
    }
  }

  @Override
  public void acceptInput() {
    LockSupport.unpark(receiver);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(receiver);
    try {
      SocketChannel current = channel == null ? first : channel;
      if (current != null) {
        current.close();
      }
      if (server != null) {
        HostSockets.close(server);
      }
    } catch (IOException e) {
      return; // nobody is left who could be told
    }
  }
}
