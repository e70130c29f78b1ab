package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A table of an image, big-endian, in memory; changes wait until they are written. */
final class Table {
  private final long offset;
  private final byte[] bytes;
  private final ByteBuffer entries;
  // What differs from the file, in bytes: whole sectors, which media write all or not at all.
  private int dirtyFrom;
  private int dirtyTo;

  private Table(long offset, byte[] bytes) {
    this.offset = offset;
    this.bytes = bytes;
    this.entries = ByteBuffer.wrap(bytes);
  }

  static Table read(ImageFile file, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.read(offset, bytes, 0, length);
    return new Table(offset, bytes);
  }

  /** A new table with what {@code old} has, or nothing if null, and zeros behind that. */
  static Table create(long offset, int length, Table old) {
    byte[] bytes = new byte[length];
    if (old != null) {
      System.arraycopy(old.bytes, 0, bytes, 0, old.bytes.length);
    }
    Table table = new Table(offset, bytes);
    table.dirtyTo = length;
    return table;
  }

  /** Where in the file it is. */
  long offset() {
    return offset;
  }

  int length() {
    return bytes.length;
  }

  /** How many 64-bit entries it has. */
  int entries() {
    return bytes.length / Long.BYTES;
  }

  long get(int index) {
    return entries.getLong(index * Long.BYTES);
  }

  void set(int index, long value) {
    entries.putLong(index * Long.BYTES, value);
    markDirty(index * Long.BYTES);
  }

  /** An entry of 1 << order bits. */
  long get(int index, int order) {
    return switch (order) {
      case 6 -> entries.getLong(8 * index);
      case 5 -> entries.getInt(4 * index) & 0xffff_ffffL;
      case 4 -> entries.getShort(2 * index) & 0xffff;
      case 3 -> bytes[index] & 0xff;
      default -> bytes[index >> 3 - order] >> shift(index, order) & mask(order);
    };
  }

  /** Sets an entry of 1 << order bits. */
  void set(int index, int order, long value) {
    switch (order) {
      case 6 -> entries.putLong(8 * index, value);
      case 5 -> entries.putInt(4 * index, (int) value);
      case 4 -> entries.putShort(2 * index, (short) value);
      case 3 -> bytes[index] = (byte) value;
      default -> {
        int at = index >> 3 - order;
        int shift = shift(index, order);
        bytes[at] = (byte) (bytes[at] & ~(mask(order) << shift) | value << shift);
      }
    }
    markDirty((int) ((long) index << order >> 3));
  }

  boolean dirty() {
    return dirtyFrom < dirtyTo;
  }

  /** Writes what has changed. */
  void write(ImageFile file) throws IOException {
    if (dirty()) {
      file.write(offset + dirtyFrom, bytes, dirtyFrom, dirtyTo - dirtyFrom);
      dirtyFrom = 0;
      dirtyTo = 0;
    }
  }

  private void markDirty(int at) {
    int sector = at / Disk.SECTOR * Disk.SECTOR;
    int end = Math.min(sector + Disk.SECTOR, bytes.length);
    dirtyFrom = dirty() ? Math.min(dirtyFrom, sector) : sector;
    dirtyTo = Math.max(dirtyTo, end);
  }

  private static int shift(int index, int order) {
    return (index & (1 << 3 - order) - 1) << order;
  }

  private static int mask(int order) {
    return (1 << (1 << order)) - 1;
  }
}
