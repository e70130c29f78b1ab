package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.net.NetBackend;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What comes from the host to the devices of a machine that is to be the same at each run: it waits
 * until the machine's thread takes it, and is written down with the time of that; or it comes from
 * what was written down, and the host is not heard.
 *
 * <p>The file is text: a first line that says what it is, then a line for each input with the time
 * in steps, the device's name, and the bytes or the frame in hexadecimal, or a word for what has no
 * bytes.
 */
final class InputJournal implements Closeable {
  /** A line is at break. */
  static final String BREAK = "break";

  /** There is somebody at the far end of a network's cable, or not any more. */
  static final String UP = "up";

  static final String DOWN = "down";

  private static final Set<String> WORDS = Set.of(BREAK, UP, DOWN);
  private static final String TITLE = "isomorph input 1";

  /** What was input, where, when. */
  private record Event(long time, String source, String what) {}

  private final List<JournaledInput> sources = new ArrayList<>();
  private final Runnable onInput;
  private final BufferedWriter record;
  private final List<Event> replayed;
  private int next;

  /** Whether there are networks, which answer in their time. */
  private boolean isLive;

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
        if (!WORDS.contains(words[2])) {
          HexFormat.of().parseHex(words[2]);
        }
        events.add(new Event(Long.parseLong(words[0]), words[1], words[2]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + ": line " + (i + 1) + " is no input", e);
      }
    }
    return events;
  }

  /** Puts itself between a character device and the host. */
  CharBackend line(String name, CharBackend host) {
    JournalLine line = new JournalLine(name, host, this);
    sources.add(line);
    return line;
  }

  /**
   * Puts itself between a network card and its network.
   *
   * @param network null if what was recorded comes again
   * @param sender where frames are sent, one after the other
   */
  NetBackend cable(String name, NetBackend network, Executor sender) {
    JournalCable cable = new JournalCable(name, network, sender, this);
    sources.add(cable);
    isLive |= network != null;
    return cable;
  }

  /** Whether what was written down comes again, and the host is not heard. */
  boolean isReplay() {
    return replayed != null;
  }

  /** Whether something may come that will not wait for the machine, nor come sooner. */
  boolean isLive() {
    return isLive;
  }

  /** A source has something; any thread. */
  void hasInput() {
    onInput.run();
  }

  /** Whether the machine is on, and may wait for the host; any thread. */
  void powerIs(boolean on) {
    sources.forEach(each -> each.mayWait(on));
  }

  /**
   * Passes over what was input before the time at which a saved machine goes on.
   *
   * @param start time, in steps
   */
  void startAt(long start) {
    while (replayed != null && next < replayed.size() && replayed.get(next).time < start) {
      Event event = replayed.get(next++);
      for (JournaledInput each : sources) {
        if (each.name().equals(event.source)) {
          each.passOver(event.what);
        }
      }
    }
  }

  /**
   * Steps until something comes that was written down, {@code Long.MAX_VALUE} if nothing does.
   *
   * @param now time, in steps
   */
  long untilNext(long now) {
    boolean comes = replayed != null && next < replayed.size();
    return comes ? Math.max(0, replayed.get(next).time - now) : Long.MAX_VALUE;
  }

  /**
   * Gives devices what there is for them; on the machine's thread.
   *
   * @param now time, in steps
   */
  void deliver(long now) {
    if (replayed == null) {
      for (JournaledInput each : sources) {
        each.deliver(now);
      }
      return;
    }
    while (next < replayed.size() && replayed.get(next).time <= now) {
      Event event = replayed.get(next++);
      for (JournaledInput each : sources) {
        if (each.name().equals(event.source)) {
          each.replay(event.what);
        }
      }
    }
  }

  /** Whether {@link #deliver} may have something, now or when time has passed. */
  boolean hasSomething() {
    if (replayed != null) {
      return false;
    }
    for (JournaledInput each : sources) {
      if (each.hasSomething()) {
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

  /** Writes down what a source has been given. */
  void note(long now, String source, String what) {
    write(now + " " + source + " " + what);
  }

  @Override
  public void close() throws IOException {
    if (record != null) {
      record.close();
    }
  }
}
