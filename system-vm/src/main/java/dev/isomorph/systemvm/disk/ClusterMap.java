package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where in a qcow2 image the disk's clusters are: the L1 table and the L2 tables, of which some are
 * kept in memory. Changes stay in memory until {@link #commit}.
 */
final class ClusterMap {
  /** Of a standard cluster: it reads as zeros. */
  static final long ZERO = 1;

  /** The entry describes a compressed cluster. */
  static final long COMPRESSED = 1L << 62;

  /** The cluster or table is used here and nowhere else. */
  static final long COPIED = 1L << 63;

  /** Bits of an entry that are an offset in the file. */
  static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

  private static final long STANDARD = COPIED | OFFSET | ZERO;

  /** Bytes of L2 tables kept in memory: with 64 KiB clusters they describe 128 GiB. */
  private static final int CACHE_BYTES = 16 << 20;

  private final ImageFile file;
  private final Qcow2Header header;
  private final Refcounts refcounts;
  private final BitSet metadata;
  private final boolean trustRefcounts;
  private final Table l1;
  private final Map<Integer, Table> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final int cacheSize;

  /**
   * @param metadata clusters that hold tables, by number; kept up to date here for L2 tables
   * @param trustRefcounts whether reference counts are to agree with this
   */
  ClusterMap(
      ImageFile file,
      Qcow2Header header,
      Refcounts refcounts,
      BitSet metadata,
      boolean trustRefcounts)
      throws IOException {
    this.file = file;
    this.header = header;
    this.refcounts = refcounts;
    this.metadata = metadata;
    this.trustRefcounts = trustRefcounts;
    cacheSize = Math.max(8, CACHE_BYTES / header.clusterBytes());
    l1 = Table.read(file, header.l1Offset(), header.l1Entries() * Long.BYTES);
    for (int i = 0; i < header.l1Entries(); i++) {
      long entry = l1.get(i);
      if ((entry & ~(COPIED | OFFSET)) != 0) {
        throw damaged("L1 entry " + i + " is 0x" + Long.toHexString(entry));
      }
      if (entry != 0) {
        refcounts.markMetadata(entry & OFFSET, "L1 entry " + i);
        if (trustRefcounts) {
          checkCount(entry, "L1 entry " + i);
        }
      }
    }
  }

  /** The entry of a cluster of the disk; 0 if the image has nothing for it. */
  long entry(long cluster) throws IOException {
    Table l2 = table(l1Index(cluster));
    return l2 == null ? 0 : l2.get(l2Index(cluster));
  }

  /** Whether the image has nothing for any of the clusters that share a table with this one. */
  boolean noTable(long cluster) {
    return l1.get(l1Index(cluster)) == 0;
  }

  /** The first cluster that does not share a table with this one. */
  long afterTable(long cluster) {
    return (cluster / header.l2Entries() + 1) * header.l2Entries();
  }

  /** Changes an entry. */
  void set(long cluster, long entry) throws IOException {
    ownTable(l1Index(cluster)).set(l2Index(cluster), entry);
  }

  boolean dirty() {
    if (l1.dirty()) {
      return true;
    }
    for (Table l2 : cache.values()) {
      if (l2.dirty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether so much is in memory that it is time to {@link #commit}. */
  boolean full() {
    return cache.size() > cacheSize;
  }

  /** Makes all changes safe in the file, where reference counts already are. */
  void commit() throws IOException {
    for (Table l2 : cache.values()) {
      l2.write(file);
    }
    file.force();
    if (l1.dirty()) {
      l1.write(file);
      file.force();
    }
  }

  private Table table(int index) throws IOException {
    Table l2 = cache.get(index);
    if (l2 == null) {
      long offset = l1.get(index) & OFFSET;
      if (offset == 0) {
        return null;
      }
      l2 = Table.read(file, offset, header.clusterBytes());
      validate(l2, index);
      remember(index, l2);
    }
    return l2;
  }

  /** The table, made if there is none, copied if others use it too. */
  private Table ownTable(int index) throws IOException {
    Table l2 = table(index);
    if (l2 != null && (l1.get(index) & COPIED) != 0) {
      return l2;
    }
    long cluster = refcounts.allocate();
    long offset = cluster << header.clusterBits();
    Table own = Table.create(offset, header.clusterBytes(), l2);
    metadata.set((int) cluster);
    remember(index, own);
    l1.set(index, offset | COPIED);
    if (l2 != null) {
      refcounts.release(l2.offset() >>> header.clusterBits());
    }
    return own;
  }

  private void remember(int index, Table l2) {
    cache.put(index, l2);
    Iterator<Table> eldest = cache.values().iterator();
    for (int over = cache.size() - cacheSize; over > 0 && eldest.hasNext(); ) {
      Table candidate = eldest.next();
      if (candidate != l2 && !candidate.dirty()) {
        eldest.remove();
        over--;
      }
    }
  }

  /** No entry may point to a table, outside the file, or to what is not in use. */
  private void validate(Table l2, int l1Index) throws IOException {
    for (int i = 0; i < l2.entries(); i++) {
      long entry = l2.get(i);
      if (entry == 0 || (entry & COMPRESSED) != 0) {
        continue;
      }
      long offset = entry & OFFSET;
      if ((entry & ~STANDARD) != 0
          || (entry & ZERO) != 0 && !header.hasZeroFlag()
          || (offset & header.clusterBytes() - 1) != 0
          || offset == 0 && (entry & COPIED) != 0) {
        throw damaged(where(l1Index, i) + " is 0x" + Long.toHexString(entry));
      }
      if (offset != 0) {
        long cluster = offset >>> header.clusterBits();
        if (cluster >= Integer.MAX_VALUE || metadata.get((int) cluster)) {
          throw damaged(where(l1Index, i) + " points to a table or beyond the file");
        }
        if (trustRefcounts) {
          checkCount(entry, where(l1Index, i));
        }
      }
    }
  }

  private void checkCount(long entry, String where) throws IOException {
    long count = refcounts.get((entry & OFFSET) >>> header.clusterBits());
    boolean copied = (entry & COPIED) != 0;
    if (count == 0 || copied && count != 1) {
      throw damaged(where + " points to a cluster whose reference count is " + count);
    }
  }

  private int l1Index(long cluster) {
    return (int) (cluster / header.l2Entries());
  }

  private int l2Index(long cluster) {
    return (int) (cluster % header.l2Entries());
  }

  private static String where(int l1Index, int l2Index) {
    return "entry " + l2Index + " of L2 table " + l1Index;
  }

  private DiskImageException damaged(String what) {
    return new DiskImageException(file.name(), "is damaged: " + what);
  }
}
