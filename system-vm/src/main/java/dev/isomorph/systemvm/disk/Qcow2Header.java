package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header of a qcow2 image, checked (qemu's docs/interop/qcow2, "Header").
 *
 * @param version 2 or 3
 * @param clusterBits logarithm of a cluster's bytes
 * @param size bytes of the disk
 * @param l1Entries entries of the active L1 table
 * @param refcountOrder logarithm of the bits of a reference count
 * @param backingFile null if there is none
 * @param backingFormat null if it is not said
 */
record Qcow2Header(
    int version,
    int clusterBits,
    long size,
    int l1Entries,
    long l1Offset,
    long refcountTableOffset,
    int refcountTableClusters,
    int refcountOrder,
    long incompatible,
    long autoclear,
    String backingFile,
    String backingFormat) {
  static final int MAGIC = 0x5146_49fb;
  static final int V2_BYTES = 72;
  static final int V3_BYTES = 104;

  // Offsets of what is written after creation.
  static final int AT_REFCOUNT_TABLE = 48;
  static final int AT_AUTOCLEAR = 88;

  static final int EXTENSION_BACKING_FORMAT = 0xe279_2aca;

  private static final long DIRTY = 1;
  private static final long CORRUPT = 2;
  private static final String[] INCOMPATIBLE = {
    "dirty", "corrupt", "external data file", "compression other than zlib", "extended L2 entries"
  };

  /** More than this, as in qemu, no table may have. */
  private static final long MOST_L1_BYTES = 32 << 20;

  static final long MOST_REFCOUNT_TABLE_BYTES = 8 << 20;

  static boolean isMagic(byte[] start) {
    return ByteBuffer.wrap(start).getInt() == MAGIC;
  }

  int clusterBytes() {
    return 1 << clusterBits;
  }

  /** Entries of an L2 table. */
  int l2Entries() {
    return clusterBytes() / Long.BYTES;
  }

  /** Whether clusters can be said to be zero. */
  boolean hasZeroFlag() {
    return version >= 3;
  }

  /**
   * Reads and checks a header.
   *
   * @throws DiskImageException if it is damaged or wants what is not supported here
   */
  static Qcow2Header read(ImageFile file) throws IOException {
    String name = file.name();
    byte[] bytes = new byte[(int) Math.min(file.size(), 1 << 16)];
    file.read(0, bytes, 0, bytes.length);
    if (bytes.length < V2_BYTES || !isMagic(bytes)) {
      throw new DiskImageException(name, "is not a qcow2 image");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = in.getInt(4);
    check(version == 2 || version == 3, name, "qcow2 version " + version + ", known are 2 and 3");
    check(version == 2 || bytes.length >= V3_BYTES, name, "ends within its header");
    int clusterBits = in.getInt(20);
    check(
        clusterBits >= 9 && clusterBits <= 21,
        name,
        "header: clusters of 2^" + clusterBits + " bytes, 2^9 to 2^21 are known");
    check(in.getInt(32) == 0, name, "is encrypted, which is not supported");
    int headerBytes = version == 2 ? V2_BYTES : in.getInt(100);
    check(
        headerBytes >= (version == 2 ? V2_BYTES : V3_BYTES)
            && headerBytes <= Math.min(bytes.length, 1 << clusterBits),
        name,
        "header: a length of " + headerBytes);
    Qcow2Header header =
        new Qcow2Header(
            version,
            clusterBits,
            in.getLong(24),
            in.getInt(36),
            in.getLong(40),
            in.getLong(AT_REFCOUNT_TABLE),
            in.getInt(56),
            version == 2 ? 4 : in.getInt(96),
            version == 2 ? 0 : in.getLong(72),
            version == 2 ? 0 : in.getLong(AT_AUTOCLEAR),
            backingFile(name, in, clusterBits),
            backingFormat(name, in, headerBytes, clusterBits));
    header.validate(name, file.size());
    return header;
  }

  /**
   * Says why the image may not be written.
   *
   * @return null if it may
   */
  String whyReadOnly() {
    if ((incompatible & CORRUPT) != 0) {
      return "is marked as corrupt; qemu-img check tells more";
    }
    if ((incompatible & DIRTY) != 0) {
      return "was not closed properly and its reference counts may be wrong;"
          + " repair it with qemu-img check -r all";
    }
    return null;
  }

  private void validate(String name, long fileBytes) throws IOException {
    for (int bit = 2; bit < 64; bit++) {
      if ((incompatible >>> bit & 1) != 0) {
        String feature = bit < INCOMPATIBLE.length ? INCOMPATIBLE[bit] : "feature " + bit;
        throw new DiskImageException(name, "needs " + feature + ", which is not supported");
      }
    }
    check(refcountOrder >= 0 && refcountOrder <= 6, name, "header: refcount_order");
    check(size >= 0 && size >>> 9 << 9 == size, name, "header: a disk of " + size + " bytes");
    check(size > 0, name, "header: a disk of 0 bytes");
    long perL1Entry = (long) clusterBytes() * l2Entries();
    long needed = (size - 1) / perL1Entry + 1;
    check(
        l1Entries >= needed && l1Entries <= MOST_L1_BYTES / Long.BYTES,
        name,
        "header: an L1 table of " + l1Entries + " entries for " + size + " bytes");
    checkTable(name, "L1 table", l1Offset, (long) l1Entries * Long.BYTES, fileBytes);
    long refcountBytes = (long) refcountTableClusters * clusterBytes();
    check(
        refcountTableClusters > 0 && refcountBytes <= MOST_REFCOUNT_TABLE_BYTES,
        name,
        "header: a refcount table of " + refcountTableClusters + " clusters");
    checkTable(name, "refcount table", refcountTableOffset, refcountBytes, fileBytes);
  }

  private void checkTable(String name, String table, long offset, long bytes, long fileBytes)
      throws IOException {
    check(
        offset >= clusterBytes()
            && offset % clusterBytes() == 0
            && offset <= fileBytes
            && bytes <= fileBytes - offset,
        name,
        "header: the " + table + " at 0x" + Long.toHexString(offset) + " is not in the file");
  }

  private static String backingFile(String name, ByteBuffer in, int clusterBits)
      throws IOException {
    long offset = in.getLong(8);
    int length = in.getInt(16);
    if (offset == 0) {
      return null;
    }
    check(
        length > 0
            && length <= 1023
            && offset > 0
            && offset + length <= Math.min(in.capacity(), 1 << clusterBits),
        name,
        "header: the name of the backing file is not in the first cluster");
    return string(in, (int) offset, length);
  }

  private static String backingFormat(String name, ByteBuffer in, int headerBytes, int clusterBits)
      throws IOException {
    int end = Math.min(in.capacity(), 1 << clusterBits);
    int at = headerBytes;
    while (at + 8 <= end && in.getInt(at) != 0) {
      int length = in.getInt(at + 4);
      check(
          length >= 0 && length <= end - at - 8,
          name,
          "header: an extension at " + at + " of " + length + " bytes");
      if (in.getInt(at) == EXTENSION_BACKING_FORMAT) {
        return string(in, at + 8, length);
      }
      at += 8 + (length + 7 & ~7);
    }
    return null;
  }

  private static String string(ByteBuffer in, int offset, int length) {
    return new String(in.array(), offset, length, StandardCharsets.UTF_8);
  }

  private static void check(boolean good, String name, String what) throws IOException {
    if (!good) {
      throw new DiskImageException(name, what);
    }
  }
}
