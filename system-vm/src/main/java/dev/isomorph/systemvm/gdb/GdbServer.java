package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.host.HostSockets;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** Waits for debuggers, and talks to one at a time. */
public final class GdbServer {
  private static final int READ_BYTES = 4096;

  private static final long CLOSE_MILLISECONDS = 1000;

  private final ServerSocketChannel server;
  private final DebugTarget target;
  private final Consumer<String> warnings;
  private final Thread thread = new Thread(this::serve, "debugger");
  private volatile EventQueue events;
  private volatile Event ended;
  private volatile boolean started;

  private GdbServer(ServerSocketChannel server, DebugTarget target, Consumer<String> warnings) {
    this.server = server;
    this.target = target;
    this.warnings = warnings;
  }

  /**
   * Waits for debuggers at an address.
   *
   * @param warnings gets a line whenever a debugger goes without a word
   * @throws IOException if the address cannot be had
   */
  public static GdbServer open(SocketAddress address, DebugTarget target, Consumer<String> warnings)
      throws IOException {
    GdbServer opened = new GdbServer(HostSockets.listen(address), target, warnings);
    target.onHalt(() -> opened.tell(new Event.Halted()));
    opened.thread.setDaemon(true);
    opened.thread.start();
    return opened;
  }

  private void tell(Event event) {
    EventQueue current = events;
    if (current != null) {
      current.add(event);
    }
  }

  private void serve() {
    try {
      target.awaitStart();
      started = true;
      while (ended == null) {
        try (SocketChannel channel = server.accept()) {
          talk(channel);
        }
      }
    } catch (IOException | InterruptedException e) {
      return; // closed
    }
  }

  private void talk(SocketChannel channel) throws IOException, InterruptedException {
    EventQueue queue = new EventQueue();
    events = queue;
    if (ended != null) {
      queue.add(ended);
    }
    Thread reader = new Thread(() -> read(channel, queue), "debugger input");
    reader.setDaemon(true);
    reader.start();
    boolean saidSo;
    try {
      HostSockets.setNoDelay(channel);
      PacketWriter writer = new PacketWriter(Channels.newOutputStream(channel));
      saidSo = new GdbSession(target, writer).run(queue);
    } catch (IOException e) {
      saidSo = false;
    }
    events = null;
    if (!saidSo) {
      warnings.accept("the debugger is gone, and the machine goes on");
    }
  }

  private static void read(SocketChannel channel, EventQueue queue) {
    PacketParser parser = new PacketParser(GdbSession.LONGEST_PACKET);
    byte[] bytes = new byte[READ_BYTES];
    try (InputStream in = Channels.newInputStream(channel)) {
      for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
        for (int i = 0; i < count; i++) {
          Event event = parser.accept(bytes[i]);
          if (event != null) {
            queue.put(event);
          }
        }
      }
    } catch (IOException | InterruptedException e) {
      // As at the end.
    }
    queue.add(new Event.Gone());
  }

  /**
   * Tells the debugger that the machine has ended, and ends.
   *
   * @param status of the machine
   */
  public void close(int status) {
    ended = new Event.Ended(status);
    tell(ended);
    try {
      HostSockets.close(server);
      if (!started) {
        thread.interrupt();
      }
      thread.join(CLOSE_MILLISECONDS);
    } catch (IOException e) {
      return; // nobody is left who could be told
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
