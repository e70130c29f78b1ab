package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes empty qcow2 images of version 3, with clusters of 64 KiB and 16-bit reference counts. */
public final class Qcow2Creator {
  private static final int CLUSTER_BITS = 16;
  private static final int REFCOUNT_ORDER = 4;

  private Qcow2Creator() {}

  /**
   * Makes an image.
   *
   * @param size bytes, a multiple of {@link Disk#SECTOR}
   * @param backing what unwritten clusters show, as the image is to name it; null for nothing
   * @param backingFormat of what format that is; null without
   * @throws DiskImageException if there is such a file already
   */
  public static void create(Path path, long size, Path backing, DiskFormat backingFormat)
      throws IOException {
    byte[] image = image(size, CLUSTER_BITS, 3, REFCOUNT_ORDER, backing, backingFormat);
    try {
      Files.write(path, image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new DiskImageException(path.toString(), "is there already");
    }
  }

  /** The bytes of an image as {@link #create} makes, with nothing behind it. */
  static byte[] image(long size) {
    return image(size, CLUSTER_BITS, 3, REFCOUNT_ORDER, null, null);
  }

  /** The bytes of an image that fits in as few clusters as need be: header, counts, L1 table. */
  static byte[] image(
      long size,
      int clusterBits,
      int version,
      int refcountOrder,
      Path backing,
      DiskFormat backingFormat) {
    int cluster = 1 << clusterBits;
    long perL1Entry = (long) cluster * (cluster / Long.BYTES);
    int l1Entries = (int) ((size + perL1Entry - 1) / perL1Entry);
    int l1Clusters = (l1Entries * Long.BYTES + cluster - 1) / cluster;
    int perBlock = (int) ((long) cluster * 8 >> refcountOrder);
    int fixed = 2 + l1Clusters;
    int blocks = 1;
    while (blocks * (long) perBlock < fixed + blocks) {
      blocks++;
    }
    // Cluster 0: header; 1: refcount table; then its blocks; then the L1 table.
    ByteBuffer image = ByteBuffer.allocate((fixed + blocks) * cluster);
    image.putInt(Qcow2Header.MAGIC).putInt(version);
    image.putInt(20, clusterBits).putLong(24, size).putInt(36, l1Entries);
    image.putLong(40, (2L + blocks) * cluster);
    image.putLong(Qcow2Header.AT_REFCOUNT_TABLE, cluster).putInt(56, 1);
    int end = Qcow2Header.V2_BYTES;
    if (version >= 3) {
      end = Qcow2Header.V3_BYTES;
      image.putInt(96, refcountOrder).putInt(100, end);
    }
    putBacking(image, end, backing, backingFormat);
    for (int i = 0; i < blocks; i++) {
      image.putLong(cluster + i * Long.BYTES, (2L + i) * cluster);
    }
    for (int i = 0; i < fixed + blocks; i++) {
      int bit = i % perBlock << refcountOrder;
      int at = (2 + i / perBlock) * cluster + bit / 8;
      if (refcountOrder <= 3) {
        image.put(at, (byte) (image.get(at) | 1 << bit % 8));
      } else {
        image.put(at + (1 << refcountOrder - 3) - 1, (byte) 1);
      }
    }
    return image.array();
  }

  private static void putBacking(ByteBuffer image, int at, Path backing, DiskFormat format) {
    if (backing == null) {
      return;
    }
    byte[] label = format.label().getBytes(StandardCharsets.UTF_8);
    byte[] name = backing.toString().getBytes(StandardCharsets.UTF_8);
    image.putInt(at, Qcow2Header.EXTENSION_BACKING_FORMAT).putInt(at + 4, label.length);
    image.put(at + 8, label);
    // Behind the extension and the one that is all zero and ends them.
    int nameAt = at + 8 + (label.length + 7 & ~7) + 8;
    image.putLong(8, nameAt).putInt(16, name.length);
    image.put(nameAt, name);
  }
}
