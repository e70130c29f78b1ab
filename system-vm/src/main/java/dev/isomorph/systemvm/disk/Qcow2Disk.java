package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * An image in the format qcow2, versions 2 and 3 (qemu's docs/interop/qcow2): clusters that are
 * there when they have been written, and read from another image or as zeros until then.
 *
 * <p>Data goes to the file at once. Tables change in memory and are written by {@link #flush}, each
 * kind after what it refers to is safe: data and reference counts, then L2 tables, then the L1
 * table; counts that fall, last. So however a crash cuts the writes off, the image is sound but for
 * clusters that nobody uses, and has all that was flushed.
 */
final class Qcow2Disk implements Disk {
  /** Clusters that wait to be free: with more, it is time to write the tables. */
  private static final int MOST_WAITING = 4096;

  private final ImageFile file;
  private final Qcow2Header header;
  private final Disk backing;
  private final boolean readOnly;
  private final Refcounts refcounts;
  private final ClusterMap map;
  private final CompressedClusters compressed;
  private final int clusterBytes;
  private DiskImageException damage;

  /**
   * Opens an image whose header is good; closing it closes {@code file} and {@code backing}.
   *
   * @param backing what unwritten clusters show; null for zeros
   */
  Qcow2Disk(ImageFile file, Qcow2Header header, Disk backing, boolean readOnly) throws IOException {
    this.file = file;
    this.header = header;
    this.backing = backing;
    this.readOnly = readOnly;
    clusterBytes = header.clusterBytes();
    if (!readOnly && header.whyReadOnly() != null) {
      throw new DiskImageException(file.name(), header.whyReadOnly());
    }
    BitSet metadata = new BitSet();
    metadata.set(0);
    markTable(metadata, "L1 table", header.l1Offset(), (long) header.l1Entries() * Long.BYTES);
    markTable(
        metadata,
        "refcount table",
        header.refcountTableOffset(),
        (long) header.refcountTableClusters() * clusterBytes);
    refcounts = new Refcounts(file, header, metadata);
    map = new ClusterMap(file, header, refcounts, metadata, !readOnly);
    compressed = new CompressedClusters(file, header);
    if (!readOnly && header.autoclear() != 0) {
      // They tell of extensions that know all writes; those here, they will not.
      file.write(Qcow2Header.AT_AUTOCLEAR, new byte[8], 0, 8);
      file.force();
    }
  }

  private void markTable(BitSet metadata, String what, long offset, long bytes) throws IOException {
    long first = offset >>> header.clusterBits();
    long end = (offset + bytes - 1 >>> header.clusterBits()) + 1;
    if (end >= Integer.MAX_VALUE || metadata.get((int) first, (int) end).cardinality() != 0) {
      throw new DiskImageException(
          file.name(), "is damaged: the " + what + " lies where another table is");
    }
    metadata.set((int) first, (int) end);
  }

  @Override
  public long size() {
    return header.size();
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public synchronized void read(long position, byte[] to, int offset, int length)
      throws IOException {
    Bounds.check(this, position, length);
    int done = 0;
    while (done < length) {
      long at = position + done;
      long entry = map.entry(at >>> header.clusterBits());
      int bytes = bytesInCluster(at, length - done);
      if (inFile(entry)) {
        bytes = contiguous(at, length - done);
      }
      readPiece(entry, at, to, offset + done, bytes);
      done += bytes;
    }
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
    change(() -> writeClusters(position, from, offset, length));
  }

  private void writeClusters(long position, byte[] from, int offset, int length)
      throws IOException {
    // What lies together in the file too is written together.
    long runStart = 0;
    int runOffset = offset;
    int runLength = 0;
    for (int done = 0; done < length; ) {
      int bytes = bytesInCluster(position + done, length - done);
      long target = prepare(position + done, bytes);
      if (target != runStart + runLength) {
        file.write(runStart, from, runOffset, runLength);
        runStart = target;
        runOffset = offset + done;
        runLength = 0;
      }
      runLength += bytes;
      done += bytes;
    }
    file.write(runStart, from, runOffset, runLength);
    checkpointIfFull();
  }

  @Override
  public void zero(long position, long length, boolean release) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
    change(() -> zeroClusters(position, length, release));
  }

  private void zeroClusters(long position, long length, boolean release) throws IOException {
    boolean byTable = header.hasZeroFlag() || backing == null;
    byte[] zeros = null;
    for (long done = 0; done < length; ) {
      long at = position + done;
      int bytes = bytesInCluster(at, length - done);
      if (byTable && wholeCluster(at, bytes)) {
        zeroCluster(at >>> header.clusterBits(), release);
      } else if (!readsAsZero(map.entry(at >>> header.clusterBits()))) {
        zeros = zeros == null ? new byte[clusterBytes] : zeros;
        writeClusters(at, zeros, 0, bytes);
      }
      done += bytes;
      checkpointIfFull();
    }
  }

  @Override
  public void discard(long position, long length) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
    if (header.hasZeroFlag() || backing == null) {
      change(() -> discardClusters(position, length));
    }
  }

  private void discardClusters(long position, long length) throws IOException {
    for (long done = 0; done < length; ) {
      long at = position + done;
      long cluster = at >>> header.clusterBits();
      int bytes = bytesInCluster(at, length - done);
      if (map.noTable(cluster)) {
        done = (map.afterTable(cluster) << header.clusterBits()) - position;
        continue;
      }
      if (wholeCluster(at, bytes) && map.entry(cluster) != 0) {
        zeroCluster(cluster, true);
      }
      done += bytes;
      checkpointIfFull();
    }
  }

  @Override
  public void flush() throws IOException {
    if (!readOnly) {
      change(
          () -> {
            if (map.dirty()) {
              checkpoint();
            } else {
              file.force();
            }
          });
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try (file;
        backing) {
      if (!readOnly && damage == null) {
        flush();
        if (refcounts.dirty()) {
          refcounts.commit();
        }
      }
    }
  }

  private void checkpointIfFull() throws IOException {
    if (map.full() || refcounts.waiting() > MOST_WAITING) {
      checkpoint();
    }
  }

  /** Makes the tables safe, in the order in which they refer to each other. */
  private void checkpoint() throws IOException {
    refcounts.commit();
    map.commit();
    refcounts.settle();
  }

  /** Reads bytes of one cluster, or of several that follow each other in the file. */
  private void readPiece(long entry, long at, byte[] to, int offset, int length)
      throws IOException {
    if ((entry & ClusterMap.COMPRESSED) != 0) {
      compressed.read(entry, inCluster(at), to, offset, length);
    } else if (inFile(entry)) {
      file.read((entry & ClusterMap.OFFSET) + inCluster(at), to, offset, length);
    } else if ((entry & ClusterMap.ZERO) == 0 && backing != null) {
      int there = Math.clamp(backing.size() - at, 0, length);
      if (there > 0) {
        backing.read(at, to, offset, there);
      }
      Arrays.fill(to, offset + there, offset + length, (byte) 0);
    } else {
      Arrays.fill(to, offset, offset + length, (byte) 0);
    }
  }

  /** How many of {@code length} bytes from a cluster in the file on are in the file in a row. */
  private int contiguous(long at, int length) throws IOException {
    long cluster = at >>> header.clusterBits();
    long expected = map.entry(cluster) & ClusterMap.OFFSET;
    int bytes = bytesInCluster(at, length);
    while (bytes < length) {
      cluster++;
      expected += clusterBytes;
      long entry = map.entry(cluster);
      if (!inFile(entry) || (entry & ClusterMap.OFFSET) != expected) {
        break;
      }
      bytes += Math.min(clusterBytes, length - bytes);
    }
    return bytes;
  }

  /**
   * Sees to it that a cluster is in the file and the disk's alone, and has what it had around the
   * {@code length} bytes that will be written.
   *
   * @return where in the file to write those
   */
  private long prepare(long at, int length) throws IOException {
    long cluster = at >>> header.clusterBits();
    long entry = map.entry(cluster);
    if (inFile(entry) && (entry & ClusterMap.COPIED) != 0) {
      return (entry & ClusterMap.OFFSET) + inCluster(at);
    }
    boolean reuse =
        (entry & (ClusterMap.COPIED | ClusterMap.COMPRESSED)) == ClusterMap.COPIED
            && (entry & ClusterMap.OFFSET) != 0;
    long host = reuse ? entry & ClusterMap.OFFSET : refcounts.allocate() << header.clusterBits();
    try {
      int before = inCluster(at);
      bring(entry, at - before, host, 0, before);
      bring(entry, at - before, host, before + length, clusterBytes);
      map.set(cluster, host | ClusterMap.COPIED);
    } catch (IOException e) {
      if (!reuse) {
        refcounts.undo(host >>> header.clusterBits());
      }
      throw e;
    }
    if (!reuse) {
      release(entry);
    }
    return host + inCluster(at);
  }

  /** Copies [from, to) of the cluster at {@code start} as it is now to a new place. */
  private void bring(long entry, long start, long host, int from, int to) throws IOException {
    if (from >= to || readsAsZero(entry) && host >= file.size()) {
      // What lies beyond the end of the file is zero already.
      return;
    }
    byte[] bytes = new byte[to - from];
    readPiece(entry, start + from, bytes, 0, bytes.length);
    file.write(host + from, bytes, 0, bytes.length);
  }

  private void zeroCluster(long cluster, boolean release) throws IOException {
    long entry = map.entry(cluster);
    boolean empty = (entry & ClusterMap.COMPRESSED) == 0 && (entry & ClusterMap.OFFSET) == 0;
    if (empty && readsAsZero(entry)) {
      return;
    }
    boolean own = (entry & ClusterMap.COPIED) != 0 && !empty;
    if (!release && own && header.hasZeroFlag()) {
      map.set(cluster, entry | ClusterMap.ZERO);
      return;
    }
    map.set(cluster, header.hasZeroFlag() ? ClusterMap.ZERO : 0);
    release(entry);
  }

  private void release(long entry) throws IOException {
    if ((entry & ClusterMap.COMPRESSED) != 0) {
      compressed.forEachCluster(entry, refcounts::release);
    } else if ((entry & ClusterMap.OFFSET) != 0) {
      refcounts.release((entry & ClusterMap.OFFSET) >>> header.clusterBits());
    }
  }

  private boolean readsAsZero(long entry) {
    return (entry & (ClusterMap.COMPRESSED | ClusterMap.ZERO)) == ClusterMap.ZERO
        || entry == 0 && backing == null;
  }

  private static boolean inFile(long entry) {
    return (entry & (ClusterMap.COMPRESSED | ClusterMap.ZERO)) == 0
        && (entry & ClusterMap.OFFSET) != 0;
  }

  private int inCluster(long position) {
    return (int) (position & clusterBytes - 1);
  }

  private int bytesInCluster(long at, long length) {
    return (int) Math.min(length, clusterBytes - inCluster(at));
  }

  /** Whether these are all bytes that a cluster has of the disk. */
  private boolean wholeCluster(long at, int bytes) {
    return inCluster(at) == 0 && (bytes == clusterBytes || at + bytes == header.size());
  }

  /** What changes the image. */
  private interface Change {
    void run() throws IOException;
  }

  /** Makes a change; none is made any more once damage has been met. */
  private synchronized void change(Change change) throws IOException {
    if (damage != null) {
      throw damage;
    }
    try {
      change.run();
    } catch (DiskImageException e) {
      damage = e;
      throw e;
    }
  }
}
