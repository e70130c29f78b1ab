package dev.isomorph.systemvm.device.serial;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes whole lines to a stream that others write to as well, each line after a name. A line that
 * is too long is broken; the last one is written at the end.
 */
final class NamedLines extends OutputStream {
  private static final int LONGEST = 1 << 12;

  private final byte[] name;
  private final PrintStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  NamedLines(String name, PrintStream out) {
    this.name = (name + "| ").getBytes(StandardCharsets.UTF_8);
    this.out = out;
    start();
  }

  private void start() {
    line.reset();
    line.writeBytes(name);
  }

  private boolean isEmpty() {
    return line.size() == name.length;
  }

  @Override
  public synchronized void write(int b) {
    if (b != '\n' && b != '\r') {
      line.write(b);
    }
    if (b == '\n' || line.size() >= LONGEST) {
      send();
    }
  }

  private void send() {
    line.write('\n');
    byte[] whole = line.toByteArray();
    out.write(whole, 0, whole.length);
    out.flush();
    start();
  }

  @Override
  public synchronized void close() {
    if (!isEmpty()) {
      send();
    }
  }
}
