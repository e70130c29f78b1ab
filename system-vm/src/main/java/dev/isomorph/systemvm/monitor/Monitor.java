package dev.isomorph.systemvm.monitor;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** Where the user types commands: lines come from a backend, answers go there. */
public final class Monitor implements CharFrontend {
  private static final String BANNER = "isomorph monitor: 'help' tells what can be said\n";
  private static final String PROMPT = "(isomorph) ";
  private static final int LONGEST_LINE = 1 << 12;
  private static final byte BACKSPACE = 8;
  private static final byte DELETE = 127;
  private static final byte CTRL_U = 21;
  private static final byte[] NEW_LINE = {'\r', '\n'};
  private static final int UTF8_CONTINUATION_MASK = 0b1100_0000;
  private static final int UTF8_CONTINUATION = 0b1000_0000;

  /** What is worth repeating is never longer. */
  private static final long WRITE_MILLISECONDS = 1000;

  private final MonitorCommands commands;
  private final CharBackend backend;
  private final Executor executor;
  private final boolean echoes;

  /** What has been typed, a character for each byte: UTF-8 can be read only when it is whole. */
  private final StringBuilder line = new StringBuilder();

  private boolean lastWasReturn;

  /**
   * Connects itself to the backend.
   *
   * @param executor where commands are done, one after the other
   * @param echoes whether the user does not see what is typed otherwise: a terminal in raw mode
   */
  public Monitor(MonitorCommands commands, CharBackend backend, Executor executor, boolean echoes) {
    this.commands = commands;
    this.backend = backend;
    this.executor = executor;
    this.echoes = echoes;
    backend.connect(this);
  }

  @Override
  public void opened() {
    executor.execute(() -> write((echoes ? "\n" : "") + BANNER + PROMPT));
  }

  @Override
  public synchronized int receive(byte[] bytes, int offset, int length) {
    for (int i = 0; i < length; i++) {
      key(bytes[offset + i]);
    }
    return length;
  }

  @Override
  public void afterInput(Runnable what) {
    executor.execute(what);
  }

  private void key(byte key) {
    boolean second = lastWasReturn && key == '\n';
    lastWasReturn = key == '\r';
    switch (key) {
      case '\r', '\n' -> {
        if (!second) {
          String complete =
              new String(
                  line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
          line.setLength(0);
          echo(NEW_LINE);
          executor.execute(() -> write(commands.run(complete) + PROMPT));
        }
      }
      case BACKSPACE, DELETE -> {
        if (!line.isEmpty()) {
          rubOut();
        }
      }
      case CTRL_U -> {
        while (!line.isEmpty()) {
          rubOut();
        }
      }
      default -> {
        boolean isText = key >= ' ' || key < 0;
        if (isText && line.length() < LONGEST_LINE) {
          line.append((char) (key & 0xff));
          echo(key);
        }
      }
    }
  }

  /** Takes back the last character, which may be several bytes. */
  private void rubOut() {
    char removed;
    do {
      removed = line.charAt(line.length() - 1);
      line.setLength(line.length() - 1);
    } while ((removed & UTF8_CONTINUATION_MASK) == UTF8_CONTINUATION && !line.isEmpty());
    echo(BACKSPACE, (byte) ' ', BACKSPACE);
  }

  private void echo(byte... bytes) {
    if (echoes) {
      executor.execute(() -> write(bytes));
    }
  }

  private void write(String text) {
    write((echoes ? text.replace("\n", "\r\n") : text).getBytes(StandardCharsets.UTF_8));
  }

  /** Waits for the host if it has to; what it does not take for a second is lost. */
  private void write(byte[] bytes) {
    int sent = 0;
    try {
      while (sent < bytes.length) {
        int taken;
        synchronized (backend) {
          taken = backend.write(bytes, sent, bytes.length - sent);
          if (taken == 0) {
            backend.wait(WRITE_MILLISECONDS);
            taken = backend.write(bytes, sent, bytes.length - sent);
          }
        }
        if (taken == 0) {
          return;
        }
        sent += taken;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void receiveBreak() {}

  @Override
  public void writable() {
    synchronized (backend) {
      backend.notifyAll();
    }
  }
}
