package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.net.NetBackend;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What comes from the host to the devices of a machine that is to be the same at each run: it waits
 * until the machine's thread takes it, and is written down with the time of that; or it comes from
 * what was written down, and the host is not heard.
 *
 * <p>The file is text: a first line that says what it is, then a line for each input with the time
 * in steps, the device's name, and what it was. If the machine was not started but had been saved,
 * there is a line between these two that says after which inputs the first one came.
 */
final class InputJournal implements Closeable, Snapshotable {
  private static final String TITLE = "isomorph input 1";
  private static final String AFTER = "after";
  private static final Moment START = new Moment(0, 0);

  /** What was input, where, when; and the line that says so. */
  private record Event(long time, String source, HostInput what, int line) {}

  /**
   * After some inputs and before others.
   *
   * @param time of the last input, in steps
   * @param count of the inputs at that time
   */
  private record Moment(long time, int count) {
    Moment after(long now) {
      return new Moment(now, now == time ? count + 1 : 1);
    }
  }

  private final List<JournaledInput> sources = new ArrayList<>();
  private final Runnable onInput;
  private final BufferedWriter record;

  /** Null if the host is heard. */
  private final Path replay;

  private final List<Event> replayed = new ArrayList<>();

  /** When what was written down begins. */
  private Moment beginning = START;

  private Moment now = START;
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
    this.replay = replay;
    if (replay != null) {
      read();
    }
    this.record = record == null ? null : Files.newBufferedWriter(record);
    try {
      write(TITLE);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void read() throws IOException {
    List<String> text;
    try {
      text = Files.readAllLines(replay);
    } catch (CharacterCodingException e) {
      throw new IOException(replay + ": no recorded input", e);
    }
    if (text.isEmpty() || !text.getFirst().equals(TITLE)) {
      throw new IOException(replay + ": no recorded input");
    }
    long last = 0;
    for (int line = 2; line <= text.size(); line++) {
      String[] words = text.get(line - 1).split(" ");
      try {
        if (line == 2 && words[0].equals(AFTER)) {
          beginning = new Moment(Long.parseLong(words[1]), Integer.parseInt(words[2]));
          continue;
        }
        Event event =
            new Event(Long.parseLong(words[0]), words[1], HostInput.parse(words[2]), line);
        if (event.time < last) {
          throw wrong(line, "is no input: time does not go back");
        }
        last = event.time;
        replayed.add(event);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw wrong(line, "is no input");
      }
    }
  }

  private IOException wrong(int line, String why) {
    return new IOException(replay + ": line " + line + " " + why);
  }

  /**
   * All of the machine's devices are there.
   *
   * @throws IOException with a line for the user, if what was written down is of another machine
   */
  void requireSources() throws IOException {
    for (Event event : replayed) {
      JournaledInput source = source(event);
      if (source == null || !source.takes(event.what)) {
        throw wrong(event.line, "is input of another machine: " + event.source + " takes it not");
      }
    }
  }

  /** Null if there is none. */
  private JournaledInput source(Event event) {
    for (JournaledInput each : sources) {
      if (each.name().equals(event.source)) {
        return each;
      }
    }
    return null;
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
    return replay != null;
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
   * Steps until something comes that was written down, {@code Long.MAX_VALUE} if nothing does.
   *
   * @param time in steps
   */
  long untilNext(long time) {
    return next < replayed.size() ? Math.max(0, replayed.get(next).time - time) : Long.MAX_VALUE;
  }

  /**
   * Gives devices what there is for them; on the machine's thread.
   *
   * @param time in steps
   */
  void deliver(long time) {
    if (replay == null) {
      for (JournaledInput each : sources) {
        each.deliver(time);
      }
    }
    while (next < replayed.size() && replayed.get(next).time <= time) {
      Event event = replayed.get(next++);
      now = now.after(event.time);
      source(event).replay(event.what);
    }
  }

  /** Whether {@link #deliver} may have something, now or when time has passed. */
  boolean hasSomething() {
    if (replay != null) {
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
  void note(long time, String source, HostInput what) {
    now = now.after(time);
    write(time + " " + source + " " + what);
  }

  @Override
  public String name() {
    return "input";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeLong(now.time);
    out.writeInt(now.count);
  }

  /** Passes over what the machine had been given before it was saved. */
  @Override
  public void restore(DataInput in, int version) throws IOException {
    Moment saved = new Moment(in.readLong(), in.readInt());
    now = beginning;
    while (next < replayed.size()) {
      Event event = replayed.get(next);
      Moment then = now.after(event.time);
      if (event.time > saved.time || event.time == saved.time && then.count > saved.count) {
        break;
      }
      now = then;
      next++;
      source(event).passOver(event.what);
    }
    now = saved;
    try {
      write(AFTER + " " + saved.time + " " + saved.count);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (record != null) {
      record.close();
    }
  }
}
