package dev.isomorph.systemvm.device.serial;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Lets several frontends share a terminal: all of them write to it, one of them has the keyboard.
 * Ctrl-A and a key tell Isomorph itself something, even while the machine takes no input.
 */
public final class CharMux implements CharFrontend {
  private static final byte ESCAPE = 1;
  private static final int TYPED_AHEAD = 1 << 14;
  private static final int CHUNK = 256;
  private static final String HELP =
      """

      Ctrl-A h    this help
      Ctrl-A x    end the machine, when the monitor has done what it was told;
                  once more: at once
      Ctrl-A b    send a break (magic SysRq)
      Ctrl-A c    switch between the console and the monitor
      Ctrl-A Ctrl-A  send Ctrl-A
      """;

  private final CharBackend terminal;
  private final Executor executor;
  private final Runnable quit;
  private final List<Port> ports = new CopyOnWriteArrayList<>();
  private volatile int focus;
  private boolean escaped;
  private boolean isQuitting;

  /**
   * Connects itself to the terminal.
   *
   * @param executor where frontends get what was typed; it does one thing after the other
   * @param quit what Ctrl-A x does, at the second time on the terminal's thread
   */
  public CharMux(CharBackend terminal, Executor executor, Runnable quit) {
    this.terminal = terminal;
    this.executor = executor;
    this.quit = quit;
    terminal.connect(this);
  }

  /** Adds a backend for one more frontend; the first has the keyboard. */
  public CharBackend port() {
    Port port = new Port();
    ports.add(port);
    return port;
  }

  private Port focused() {
    return ports.isEmpty() ? null : ports.get(focus % ports.size());
  }

  @Override
  public int receive(byte[] bytes, int offset, int length) {
    int taken = 0;
    while (taken < length && key(bytes, offset + taken)) {
      taken++;
    }
    for (Port port : ports) {
      port.deliverSoon();
    }
    return taken;
  }

  /** Handles a key; returns false if it must be given again, when there is room. */
  private boolean key(byte[] bytes, int index) {
    byte key = bytes[index];
    if (!escaped && key == ESCAPE) {
      escaped = true;
      return true;
    }
    if (!escaped || key == ESCAPE) {
      Port port = focused();
      if (port != null && port.typed.add(bytes, index, 1) == 0) {
        return false;
      }
      escaped = false;
      return true;
    }
    escaped = false;
    command(key);
    return true;
  }

  private void command(byte key) {
    switch (key) {
      case 'x' -> quit();
      case 'h', '?' -> {
        byte[] help = HELP.getBytes(StandardCharsets.US_ASCII);
        terminal.write(help, 0, help.length);
      }
      case 'b' -> receiveBreak();
      case 'c' -> {
        focus = (focus + 1) % Math.max(1, ports.size());
        if (focused() != null && focused().frontend != null) {
          focused().frontend.opened();
        }
      }
      default -> {}
    }
  }

  private void quit() {
    Port port = focused();
    if (isQuitting || port == null || port.frontend == null) {
      quit.run();
    } else {
      isQuitting = true;
      executor.execute(() -> port.frontend.afterInput(quit));
    }
  }

  @Override
  public void receiveBreak() {
    Port port = focused();
    if (port != null && port.frontend != null) {
      port.frontend.receiveBreak();
    }
  }

  @Override
  public void writable() {
    for (Port port : ports) {
      port.writable();
    }
  }

  private final class Port implements CharBackend {
    private final ByteQueue typed = new ByteQueue(TYPED_AHEAD);
    private final byte[] chunk = new byte[CHUNK];
    private volatile CharFrontend frontend;
    private volatile boolean refused;

    @Override
    public void connect(CharFrontend frontend) {
      this.frontend = frontend;
      deliverSoon();
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
      refused = true; // before asking, lest the answer comes first
      int taken = terminal.write(bytes, offset, length);
      if (taken == length) {
        refused = false;
      }
      return taken;
    }

    void writable() {
      if (refused && frontend != null) {
        refused = false;
        frontend.writable();
      }
    }

    @Override
    public void acceptInput() {
      deliverSoon();
    }

    void deliverSoon() {
      if (frontend != null && typed.size() > 0) {
        executor.execute(this::deliver);
      }
    }

    /** Only the executor is here, one at a time, so what was looked at is what is removed. */
    private void deliver() {
      int count;
      int taken;
      do {
        count = typed.peek(chunk);
        taken = count == 0 ? 0 : frontend.receive(chunk, 0, count);
        typed.remove(taken);
      } while (count > 0 && taken == count);
      terminal.acceptInput();
    }

    /** The terminal is closed by whoever opened it. */
    @Override
    public void close() {}
  }
}
