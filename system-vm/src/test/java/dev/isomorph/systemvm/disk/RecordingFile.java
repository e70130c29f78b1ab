package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A file in memory that remembers all that has been done with it. */
final class RecordingFile implements ImageFile {
  /** A write; null bytes stand for a call of force. */
  record Event(long position, byte[] bytes) {
    boolean isForce() {
      return bytes == null;
    }
  }

  final List<Event> events = new ArrayList<>();
  private final byte[] original;
  private byte[] content;
  private int size;

  RecordingFile(byte[] content) {
    this.original = content.clone();
    this.content = content.clone();
    this.size = content.length;
  }

  byte[] content() {
    return Arrays.copyOf(content, size);
  }

  /**
   * The file after a loss of power when {@code count} events had been: all that had been forced,
   * and of the rest some sectors.
   *
   * @param random null for all of the rest: the process was killed, and the host goes on
   */
  byte[] after(int count, Random random) {
    int forced = 0;
    for (int i = 0; i < count; i++) {
      forced = events.get(i).isForce() ? i : forced;
    }
    RecordingFile file = new RecordingFile(original);
    for (int i = 0; i < count; i++) {
      Event event = events.get(i);
      if (event.isForce()) {
        continue;
      }
      for (int at = 0; at < event.bytes.length; at += Disk.SECTOR) {
        if (i < forced || random == null || random.nextBoolean()) {
          int length = Math.min(Disk.SECTOR, event.bytes.length - at);
          file.write(event.position + at, event.bytes, at, length);
        }
      }
    }
    return file.content();
  }

  void save(Path path) throws IOException {
    Files.write(path, content());
  }

  @Override
  public String name() {
    return "image";
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] to, int offset, int length) {
    int there = (int) Math.clamp(size - position, 0L, (long) length);
    if (there > 0) {
      System.arraycopy(content, (int) position, to, offset, there);
    }
    Arrays.fill(to, offset + there, offset + length, (byte) 0);
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) {
    if (length == 0) {
      return;
    }
    int end = Math.toIntExact(position + length);
    if (end > content.length) {
      content = Arrays.copyOf(content, Math.max(end, 2 * content.length));
    }
    System.arraycopy(from, offset, content, (int) position, length);
    size = Math.max(size, end);
    events.add(new Event(position, Arrays.copyOfRange(from, offset, offset + length)));
  }

  @Override
  public void force() {
    events.add(new Event(0, null));
  }

  @Override
  public void close() {}
}
