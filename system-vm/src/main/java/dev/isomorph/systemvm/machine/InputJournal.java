package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What comes from the host's side of character devices, in a machine that is to be the same at each
 * run: it waits here until the machine's thread takes it, and is written down with the time of
 * that; or it comes from what was written down, and the host is not heard.
 *
 * <p>The file is text: a first line that says what it is, then a line for each input with the time
 * in steps, the device's name, and the bytes in hexadecimal or {@code break}.
 */
final class InputJournal implements Closeable {
  private static final String TITLE = "isomorph input 1";
  private static final String BREAK = "break";

  /** What was input, to which line, when; no bytes for a break. */
  private record Event(long time, String line, byte[] bytes) {}

  private final List<Line> lines = new ArrayList<>();
  private final Runnable onInput;
  private final BufferedWriter record;
  private final List<Event> replayed;
  private int next;

  /**
   * @param record where input is written down, null for nowhere
   * @param replay what was written down before and is input again, null to hear the host
   * @param onInput called from any thread when there is input
   * @throws IOException with a line for the user
   */
  InputJournal(Path record, Path replay, Runnable onInput) throws IOException {
    this.onInput = onInput;
    replayed = replay == null ? null : read(replay);
    this.record = record == null ? null : Files.newBufferedWriter(record);
    try {
      write(TITLE);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static List<Event> read(Path file) throws IOException {
    List<String> text = Files.readAllLines(file);
    if (text.isEmpty() || !text.getFirst().equals(TITLE)) {
      throw new IOException(file + ": no recorded input");
    }
    List<Event> events = new ArrayList<>();
    for (int i = 1; i < text.size(); i++) {
      String[] words = text.get(i).split(" ");
      try {
        byte[] bytes = words[2].equals(BREAK) ? new byte[0] : HexFormat.of().parseHex(words[2]);
        events.add(new Event(Long.parseLong(words[0]), words[1], bytes));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + ": line " + (i + 1) + " is no input", e);
      }
    }
    return events;
  }

  /** Puts itself between a device and the host. */
  CharBackend line(String name, CharBackend host) {
    Line line = new Line(name, host);
    lines.add(line);
    return line;
  }

  /**
   * Passes over what was input before the time at which a saved machine goes on.
   *
   * @param start time, in steps
   */
  void startAt(long start) {
    while (replayed != null && next < replayed.size() && replayed.get(next).time < start) {
      next++;
    }
  }

  /**
   * Gives devices what there is for them; on the machine's thread.
   *
   * @param now time, in steps
   */
  void deliver(long now) {
    if (replayed == null) {
      for (Line line : lines) {
        line.deliver(now);
      }
      return;
    }
    while (next < replayed.size() && replayed.get(next).time <= now) {
      Event event = replayed.get(next++);
      for (Line line : lines) {
        if (line.name.equals(event.line)) {
          line.replay(event.bytes);
        }
      }
    }
  }

  /** Whether {@link #deliver} may have something, now or when time has passed. */
  boolean hasSomething() {
    if (replayed != null) {
      return false;
    }
    for (Line line : lines) {
      if (line.hasSomething()) {
        return true;
      }
    }
    return false;
  }

  private void write(String text) {
    if (record == null) {
      return;
    }
    try {
      record.write(text);
      record.newLine();
      record.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("what is input cannot be recorded: " + e.getMessage(), e);
    }
  }

  private void note(long now, String line, String what) {
    write(now + " " + line + " " + what);
  }

  @Override
  public void close() throws IOException {
    if (record != null) {
      record.close();
    }
  }

  private final class Line implements CharBackend, CharFrontend {
    private static final int HELD = 1 << 12;

    private final String name;
    private final CharBackend host;
    private final byte[] typed = new byte[HELD];
    private int count;
    private boolean full;
    private boolean broken;
    private boolean wanted = true;
    private CharFrontend device;

    Line(String name, CharBackend host) {
      this.name = name;
      this.host = host;
    }

    @Override
    public void connect(CharFrontend frontend) {
      device = frontend;
      host.connect(this);
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
      return host.write(bytes, offset, length);
    }

    @Override
    public synchronized void acceptInput() {
      wanted = true;
    }

    @Override
    public void close() {
      host.close();
    }

    @Override
    public int receive(byte[] bytes, int offset, int length) {
      if (replayed != null) {
        return length;
      }
      int taken;
      synchronized (this) {
        taken = Math.min(length, typed.length - count);
        System.arraycopy(bytes, offset, typed, count, taken);
        count += taken;
        full |= taken < length;
      }
      onInput.run();
      return taken;
    }

    @Override
    public void receiveBreak() {
      synchronized (this) {
        broken = true;
      }
      onInput.run();
    }

    @Override
    public void writable() {
      // The host's end takes everything at once.
    }

    synchronized boolean hasSomething() {
      return broken || wanted && count > 0;
    }

    void deliver(long now) {
      boolean hasRoom;
      synchronized (this) {
        if (broken) {
          broken = false;
          note(now, name, BREAK);
          device.receiveBreak();
        }
        if (!wanted || count == 0) {
          return;
        }
        wanted = false;
        int taken = device.receive(typed, 0, count);
        if (taken > 0) {
          note(now, name, HexFormat.of().formatHex(typed, 0, taken));
        }
        wanted |= taken == count;
        System.arraycopy(typed, taken, typed, 0, count - taken);
        count -= taken;
        hasRoom = full && count < typed.length;
        full &= !hasRoom;
      }
      if (hasRoom) {
        host.acceptInput();
      }
    }

    void replay(byte[] bytes) {
      if (bytes.length == 0) {
        device.receiveBreak();
      } else {
        device.receive(bytes, 0, bytes.length);
      }
    }
  }
}
