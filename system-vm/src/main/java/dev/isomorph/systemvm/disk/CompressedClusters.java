package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Clusters of a qcow2 image that are compressed with deflate; they are read and never written. */
final class CompressedClusters {
  /** What has the number of a cluster. */
  interface Action {
    void accept(long cluster) throws IOException;
  }

  private final ImageFile file;
  private final Qcow2Header header;
  private final int offsetBits;
  // The last one read: guests read small pieces in a row.
  private final byte[] cluster;
  private long present;

  CompressedClusters(ImageFile file, Qcow2Header header) {
    this.file = file;
    this.header = header;
    offsetBits = 62 - (header.clusterBits() - 8);
    cluster = new byte[header.clusterBytes()];
  }

  /** Reads bytes of the cluster that {@code entry} describes. */
  void read(long entry, int from, byte[] to, int offset, int length) throws IOException {
    if (entry != present) {
      present = 0;
      inflate(entry);
      present = entry;
    }
    System.arraycopy(cluster, from, to, offset, length);
  }

  /** Goes through the clusters of the file in which the compressed bytes are. */
  void forEachCluster(long entry, Action action) throws IOException {
    requireInFile(entry);
    long first = offset(entry) >>> header.clusterBits();
    long last = offset(entry) + bytes(entry) - 1 >>> header.clusterBits();
    for (long at = first; at <= last; at++) {
      action.accept(at);
    }
  }

  private void inflate(long entry) throws IOException {
    requireInFile(entry);
    byte[] packed = new byte[bytes(entry)];
    file.read(offset(entry), packed, 0, packed.length);
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed);
      int done = 0;
      while (done < cluster.length) {
        int bytes = inflater.inflate(cluster, done, cluster.length - done);
        if (bytes == 0) {
          throw damaged(entry);
        }
        done += bytes;
      }
    } catch (DataFormatException e) {
      throw damaged(entry);
    }
  }

  private void requireInFile(long entry) throws IOException {
    if (offset(entry) < header.clusterBytes() || offset(entry) >= file.size()) {
      throw damaged(entry);
    }
  }

  private long offset(long entry) {
    return entry & (1L << offsetBits) - 1;
  }

  /** The rest of a sector, and as many more sectors as are said. */
  private int bytes(long entry) {
    long more = (entry & ~ClusterMap.COMPRESSED) >>> offsetBits;
    return (int) ((more + 1) * Disk.SECTOR - offset(entry) % Disk.SECTOR);
  }

  private DiskImageException damaged(long entry) {
    return new DiskImageException(
        file.name(), "is damaged: the compressed cluster at 0x" + Long.toHexString(offset(entry)));
  }
}
