package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which clusters of a qcow2 image are in use, and how often: the refcount table and its blocks.
 * Counts grow in memory at once and in the file before anything there refers to the cluster; they
 * shrink only when nothing in the file does any more. So a crash leaves counts too high at worst,
 * which costs room and nothing else.
 */
final class Refcounts {
  private static final long OFFSET = 0xffff_ffff_ffff_fe00L;

  private final ImageFile file;
  private final Qcow2Header header;
  private final BitSet metadata;
  private final int order;
  private final int perBlock;
  private final Map<Integer, Table> blocks = new HashMap<>();
  private final List<Long> released = new ArrayList<>();
  private Table table;
  // Where the file's header says the table is.
  private long tableOffset;
  private int tableClusters;
  // All clusters below are in use.
  private long firstFree;

  /**
   * @param metadata clusters that hold tables, by number; kept up to date here for refcounts' own
   */
  Refcounts(ImageFile file, Qcow2Header header, BitSet metadata) throws IOException {
    this.file = file;
    this.header = header;
    this.metadata = metadata;
    order = header.refcountOrder();
    perBlock = (int) ((long) header.clusterBytes() * 8 >> order);
    tableOffset = header.refcountTableOffset();
    tableClusters = header.refcountTableClusters();
    table = Table.read(file, tableOffset, tableClusters * header.clusterBytes());
    for (int i = 0; i < table.entries(); i++) {
      long entry = table.get(i);
      if (entry != 0) {
        markMetadata(entry, "refcount table entry " + i);
      }
    }
  }

  /** Notes that a table lies at {@code offset}, which must be a cluster of its own in the file. */
  void markMetadata(long offset, String what) throws IOException {
    long cluster = offset >>> header.clusterBits();
    if ((offset & header.clusterBytes() - 1) != 0
        || offset < 0
        || offset >= file.size()
        || cluster > Integer.MAX_VALUE - 1) {
      throw damaged(what + ": 0x" + Long.toHexString(offset) + " is not a cluster of the file");
    }
    if (metadata.get((int) cluster)) {
      throw damaged(
          what + ": the cluster at 0x" + Long.toHexString(offset) + " holds another table");
    }
    metadata.set((int) cluster);
  }

  /** How often a cluster is used. */
  long get(long cluster) throws IOException {
    Table block = existingBlock(cluster / perBlock);
    return block == null ? 0 : block.get((int) (cluster % perBlock), order);
  }

  /** Takes a cluster that is free. */
  long allocate() throws IOException {
    long cluster = allocateRun(1);
    firstFree = cluster + 1;
    return cluster;
  }

  /** Gives back a cluster that was just allocated and to which nothing refers. */
  void undo(long cluster) throws IOException {
    count(cluster, -1);
  }

  /** Counts one use less as soon as the file does not have it any more. */
  void release(long cluster) {
    released.add(cluster);
  }

  /** How many uses wait to be counted off. */
  int waiting() {
    return released.size();
  }

  boolean dirty() {
    if (table.dirty() || table.offset() != tableOffset) {
      return true;
    }
    for (Table block : blocks.values()) {
      if (block.dirty()) {
        return true;
      }
    }
    return false;
  }

  /** Makes all counts safe in the file. */
  void commit() throws IOException {
    if (table.offset() != tableOffset) {
      placeTable();
    }
    for (Table block : blocks.values()) {
      block.write(file);
    }
    file.force();
    if (table.dirty()) {
      table.write(file);
      file.force();
    }
    if (table.offset() != tableOffset) {
      switchTable();
    }
  }

  /** Counts released uses off: to be called when nothing in the file refers to them any more. */
  void settle() throws IOException {
    for (long cluster : released) {
      count(cluster, -1);
    }
    released.clear();
  }

  private void count(long cluster, int change) throws IOException {
    Table block = existingBlock(cluster / perBlock);
    int index = (int) (cluster % perBlock);
    long count = block == null ? 0 : block.get(index, order);
    if (block == null || count == 0) {
      throw damaged("cluster " + cluster + " is in use but its reference count is 0");
    }
    block.set(index, order, count + change);
    if (count + change == 0) {
      metadata.clear((int) cluster);
      firstFree = Math.min(firstFree, cluster);
    }
  }

  /** Takes {@code length} free clusters that follow each other. */
  private long allocateRun(int length) throws IOException {
    long start = firstFree;
    for (long cluster = start; cluster < start + length; cluster++) {
      if (cluster >= Integer.MAX_VALUE) {
        throw new IOException(file.name() + ": is full: it cannot have more clusters");
      }
      if (blockFor(cluster).get((int) (cluster % perBlock), order) != 0) {
        start = cluster + 1;
      } else if (metadata.get((int) cluster)) {
        throw damaged("cluster " + cluster + " holds a table but its reference count is 0");
      }
    }
    for (long cluster = start; cluster < start + length; cluster++) {
      blockFor(cluster).set((int) (cluster % perBlock), order, 1);
    }
    return start;
  }

  private Table existingBlock(long index) throws IOException {
    if (index >= table.entries()) {
      return null;
    }
    Table block = blocks.get((int) index);
    if (block == null) {
      long offset = table.get((int) index) & OFFSET;
      if (offset == 0) {
        return null;
      }
      block = Table.read(file, offset, header.clusterBytes());
      blocks.put((int) index, block);
    }
    return block;
  }

  /** The block that counts {@code cluster}; if there is none, that cluster becomes it. */
  private Table blockFor(long cluster) throws IOException {
    int index = (int) (cluster / perBlock);
    Table block = existingBlock(index);
    if (block != null) {
      return block;
    }
    if (metadata.get((int) cluster)) {
      throw damaged("cluster " + cluster + " holds a table but its reference count is 0");
    }
    if (index >= table.entries()) {
      growTable(index);
    }
    long offset = cluster << header.clusterBits();
    block = Table.create(offset, header.clusterBytes(), null);
    block.set((int) (cluster % perBlock), order, 1);
    blocks.put(index, block);
    table.set(index, offset);
    metadata.set((int) cluster);
    return block;
  }

  private void growTable(int index) throws IOException {
    long wanted = Math.max((long) (index + 1) * Long.BYTES, table.length() * 3L / 2);
    long length = (wanted + header.clusterBytes() - 1) >>> header.clusterBits();
    length <<= header.clusterBits();
    if (length > Qcow2Header.MOST_REFCOUNT_TABLE_BYTES) {
      throw new IOException(file.name() + ": is full: its refcount table cannot grow");
    }
    // It has no place in the file until it is written.
    table = Table.create(0, (int) length, table);
  }

  private void placeTable() throws IOException {
    int length;
    long start;
    do {
      length = table.length();
      start = allocateRun(length >>> header.clusterBits());
      if (length != table.length()) {
        // To count the run, the table had to grow: it needs a longer one.
        for (int i = 0; i < length >>> header.clusterBits(); i++) {
          count(start + i, -1);
        }
      }
    } while (length != table.length());
    for (int i = 0; i < length >>> header.clusterBits(); i++) {
      metadata.set((int) start + i);
    }
    table = Table.create(start << header.clusterBits(), length, table);
  }

  private void switchTable() throws IOException {
    byte[] place = new byte[12];
    int clusters = table.length() >>> header.clusterBits();
    ByteBuffer.wrap(place).putLong(table.offset()).putInt(clusters);
    file.write(Qcow2Header.AT_REFCOUNT_TABLE, place, 0, place.length);
    file.force();
    for (int i = 0; i < tableClusters; i++) {
      count((tableOffset >>> header.clusterBits()) + i, -1);
    }
    tableOffset = table.offset();
    tableClusters = clusters;
  }

  private DiskImageException damaged(String what) {
    return new DiskImageException(file.name(), "is damaged: " + what);
  }
}
