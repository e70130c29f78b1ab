package dev.isomorph.systemvm.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskImagesTest {
  private static final int CLUSTER = 1 << 16;

  @TempDir Path folder;

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] read(Disk disk, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    disk.read(position, bytes, 0, length);
    return bytes;
  }

  private static String messageOf(org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(DiskImageException.class, action).getMessage();
    assertFalse(message.contains("\n"));
    return message;
  }

  @Test
  void aRawImageIsTheFile() throws IOException {
    Path path = folder.resolve("raw");
    Files.write(path, filled(1024 + 100, 5));
    try (Disk disk = DiskImages.open(path, DiskFormat.RAW, false)) {
      assertEquals(1024, disk.size());
      disk.write(512, filled(512, 6), 0, 512);
      disk.zero(0, 512, true);
      disk.discard(512, 512);
      assertArrayEquals(filled(512, 6), read(disk, 512, 512));
      assertThrows(IndexOutOfBoundsException.class, () -> read(disk, 1024, 1));
    }
    byte[] now = Files.readAllBytes(path);
    assertEquals(1124, now.length);
    assertEquals(0, now[0]);
    assertEquals(6, now[1023]);
    assertEquals(5, now[1024]);
    Files.write(path, new byte[100]);
    assertEquals(
        path + ": is shorter than a sector",
        messageOf(() -> DiskImages.open(path, DiskFormat.RAW, false)));
  }

  @Test
  void aGuestCannotTurnAGuessedDiskIntoAnotherFormat() throws IOException {
    Path path = folder.resolve("raw");
    Files.write(path, new byte[1024]);
    byte[] magic = {0x51, 0x46, 0x49, (byte) 0xfb};
    try (Disk disk = DiskImages.open(path, null, false)) {
      disk.write(512, magic, 0, 4);
      disk.write(0, magic, 0, 3);
      assertTrue(messageOf(() -> disk.write(3, magic, 3, 1)).contains("guessed"));
      assertTrue(messageOf(() -> disk.write(0, magic, 0, 4)).contains("guessed"));
    }
    try (Disk disk = DiskImages.open(path, DiskFormat.RAW, false)) {
      disk.write(0, magic, 0, 4);
    }
  }

  @Test
  void writersAreAlone() throws IOException {
    Path path = folder.resolve("raw");
    Files.write(path, new byte[1024]);
    try (Disk writer = DiskImages.open(path, DiskFormat.RAW, false)) {
      assertFalse(writer.readOnly());
      assertTrue(messageOf(() -> DiskImages.open(path, DiskFormat.RAW, true)).contains("in use"));
      assertTrue(messageOf(() -> DiskImages.open(path, DiskFormat.RAW, false)).contains("in use"));
    }
    Disk one = DiskImages.open(path, DiskFormat.RAW, true);
    try (Disk two = DiskImages.open(path, DiskFormat.RAW, true)) {
      one.close();
      assertArrayEquals(new byte[4], read(two, 0, 4));
      assertTrue(messageOf(() -> DiskImages.open(path, DiskFormat.RAW, false)).contains("in use"));
      assertTrue(messageOf(() -> two.write(0, new byte[1], 0, 1)).contains("read-only"));
    }
    DiskImages.open(path, DiskFormat.RAW, false).close();
    Path other = folder.resolve("none");
    assertEquals(other + ": no such file", messageOf(() -> DiskImages.open(other, null, false)));
    assertEquals(folder + ": is a folder", messageOf(() -> DiskImages.open(folder, null, true)));
  }

  @Test
  void showsWhatIsBehind() throws IOException {
    Path raw = folder.resolve("base.raw");
    Path middle = folder.resolve("middle.qcow2");
    Path top = folder.resolve("top.qcow2");
    Files.write(raw, filled(3 * CLUSTER, 1));
    Qcow2Creator.create(middle, 4 * CLUSTER, Path.of("base.raw"), DiskFormat.RAW);
    Qcow2Creator.create(top, 5 * CLUSTER, middle, DiskFormat.QCOW2);
    byte[] before = Files.readAllBytes(raw);
    try (Disk disk = DiskImages.open(middle, null, false)) {
      disk.write(CLUSTER + 512, filled(512, 2), 0, 512);
      disk.zero(2 * CLUSTER, CLUSTER, true);
    }
    try (Disk disk = DiskImages.open(top, null, false)) {
      assertEquals(5L * CLUSTER, disk.size());
      disk.write(0, filled(512, 3), 0, 512);
      assertEquals(3, read(disk, 511, 1)[0]);
      assertEquals(1, read(disk, 512, 1)[0]);
      assertArrayEquals(filled(512, 2), read(disk, CLUSTER + 512, 512));
      assertEquals(1, read(disk, CLUSTER + 1024, 1)[0]);
      assertArrayEquals(new byte[3 * CLUSTER], read(disk, 2 * CLUSTER, 3 * CLUSTER));
      disk.discard(0, 5 * CLUSTER);
    }
    assertArrayEquals(before, Files.readAllBytes(raw));
    assertEquals(
        top + ": is there already", messageOf(() -> Qcow2Creator.create(top, CLUSTER, null, null)));
  }

  @Test
  void whatIsWrittenForATimeLeavesTheImageAlone() throws IOException {
    Path raw = folder.resolve("raw");
    Files.write(raw, filled(CLUSTER, 1));
    try (Disk disk = DiskImages.openTemporary(raw, DiskFormat.RAW)) {
      disk.write(512, filled(512, 2), 0, 512);
      disk.flush();
      assertEquals(1, read(disk, 511, 1)[0]);
      assertEquals(2, read(disk, 512, 1)[0]);
    }
    assertArrayEquals(filled(CLUSTER, 1), Files.readAllBytes(raw));
    DiskImages.open(raw, DiskFormat.RAW, false).close();
  }

  @Test
  void backingFilesMustBeDeclaredAndNotGoInCircles() throws IOException {
    Path base = folder.resolve("base.qcow2");
    Path top = folder.resolve("top.qcow2");
    Qcow2Creator.create(base, CLUSTER, null, null);
    byte[] image = Qcow2Creator.image(CLUSTER, 16, 3, 4, base, DiskFormat.QCOW2);
    ByteBuffer.wrap(image).putInt(Qcow2Header.V3_BYTES, 1);
    Files.write(top, image);
    assertTrue(messageOf(() -> DiskImages.open(top, null, false)).contains("does not say"));
    Files.write(base, filled(CLUSTER, 9));
    try (Disk disk = DiskImages.open(top, null, false)) {
      assertEquals(9, read(disk, 0, 1)[0]);
    }
    Files.write(top, Qcow2Creator.image(CLUSTER, 16, 3, 4, top, DiskFormat.QCOW2));
    assertTrue(messageOf(() -> DiskImages.open(top, null, false)).contains("in use"));
    assertTrue(messageOf(() -> DiskImages.open(top, null, true)).contains("circle"));
    Files.delete(base);
    Files.write(top, Qcow2Creator.image(CLUSTER, 16, 3, 4, base, DiskFormat.QCOW2));
    assertEquals(base + ": no such file", messageOf(() -> DiskImages.open(top, null, true)));
  }

  private record Damage(String what, int at, long value, int bytes, String expected) {}

  /** Puts a value into a good image with one L2 table at 0x40000 and one cluster behind it. */
  private static byte[] damaged(Damage damage) throws IOException {
    RecordingFile file = new RecordingFile(Qcow2Creator.image(8 * CLUSTER, 16, 3, 4, null, null));
    try (Qcow2Disk disk = new Qcow2Disk(file, Qcow2Header.read(file), null, false)) {
      disk.write(0, filled(CLUSTER, 1), 0, CLUSTER);
    }
    ByteBuffer image = ByteBuffer.wrap(file.content());
    switch (damage.bytes) {
      case 2 -> image.putShort(damage.at, (short) damage.value);
      case 4 -> image.putInt(damage.at, (int) damage.value);
      default -> image.putLong(damage.at, damage.value);
    }
    return image.array();
  }

  @Test
  void saysWhatIsDamagedAndWritesNothing() throws IOException {
    Path path = folder.resolve("image");
    int l1 = 3 * CLUSTER;
    byte[] good = damaged(new Damage("nothing", 0, Qcow2Header.MAGIC, 4, ""));
    long data = ByteBuffer.wrap(good).getLong(l1) & ClusterMap.OFFSET;
    int l2 = (int) (data == 4 * CLUSTER ? data : 5 * CLUSTER);
    for (Damage damage :
        List.of(
            new Damage("magic", 0, 1, 4, "is not a qcow2 image"),
            new Damage("version", 4, 4, 4, "qcow2 version 4"),
            new Damage("cluster bits", 20, 8, 4, "clusters of 2^8"),
            new Damage("encryption", 32, 2, 4, "encrypted"),
            new Damage("size", 24, 513, 8, "a disk of 513 bytes"),
            new Damage("size", 24, -512, 8, "a disk of -512 bytes"),
            new Damage("huge", 24, 1L << 60, 8, "an L1 table of 1 entries"),
            new Damage("l1 entries", 36, -1, 4, "an L1 table of -1"),
            new Damage("l1 offset", 40, 1L << 40, 8, "the L1 table at 0x10000000000"),
            new Damage("l1 unaligned", 40, 3 * CLUSTER + 8, 8, "L1 table at 0x30008"),
            new Damage("l1 on counts", 40, CLUSTER, 8, "lies where another table is"),
            new Damage("refcount table", 48, 0, 8, "the refcount table at 0x0"),
            new Damage("refcount clusters", 56, 1 << 30, 4, "a refcount table of"),
            new Damage("refcount order", 96, 7, 4, "refcount_order"),
            new Damage("external", 72, 4, 8, "external data file"),
            new Damage("zstd", 72, 8, 8, "compression other than zlib"),
            new Damage("extended", 72, 16, 8, "extended L2 entries"),
            new Damage("unknown", 72, 1L << 40, 8, "feature 40"),
            new Damage("corrupt", 72, 2, 8, "is marked as corrupt"),
            new Damage("dirty", 72, 1, 8, "was not closed properly"),
            new Damage("backing name", 8, 1L << 17, 8, "name of the backing file"),
            new Damage("block beyond", CLUSTER, 1L << 40, 8, "refcount table entry 0"),
            new Damage("block on header", CLUSTER, CLUSTER, 8, "holds another table"),
            new Damage("l2 reserved", l1, l2 | 2, 8, "L1 entry 0 is 0x"),
            new Damage("l2 on header", l1, ClusterMap.COPIED, 8, "L1 entry 0"),
            new Damage("l2 on l1", l1, ClusterMap.COPIED | l1, 8, "holds another table"),
            new Damage("l2 count", 2 * CLUSTER + 2 * (l2 / CLUSTER), 2, 2, "reference count is 2"),
            new Damage("cluster on header", l2, ClusterMap.COPIED, 8, "entry 0 of L2 table 0"),
            new Damage("on l1", l2, ClusterMap.COPIED | l1, 8, "points to a table"),
            new Damage("beyond", l2, ClusterMap.COPIED | 1L << 50, 8, "beyond the file"),
            new Damage("unaligned", l2, ClusterMap.COPIED | 0x40200, 8, "is 0x8000000000040200"),
            new Damage("free", l2 + 8, 7 * CLUSTER, 8, "reference count is 0"),
            new Damage("packed beyond", l2, ClusterMap.COMPRESSED | 1L << 40, 8, "compressed"),
            new Damage("packed noise", l2, ClusterMap.COMPRESSED | l1, 8, "compressed cluster"))) {
      byte[] image = damaged(damage);
      Files.write(path, image);
      String message =
          messageOf(
              () -> {
                try (Disk disk = DiskImages.open(path, DiskFormat.QCOW2, false)) {
                  disk.write(512, filled(512, 3), 0, 512);
                }
              });
      assertTrue(
          message.startsWith(path + ": ") && message.contains(damage.expected),
          damage.what + ": " + message);
      assertArrayEquals(image, Files.readAllBytes(path), damage.what);
    }
  }

  @Test
  void cutOffFilesAreRefusedOrReadAsZeros() throws IOException {
    byte[] good = damaged(new Damage("nothing", 0, Qcow2Header.MAGIC, 4, ""));
    Path path = folder.resolve("image");
    for (int length = 0; length < good.length; length += 4099) {
      Files.write(path, Arrays.copyOf(good, length));
      try (Disk disk = DiskImages.open(path, DiskFormat.QCOW2, true)) {
        read(disk, 0, 8 * CLUSTER);
      } catch (DiskImageException e) {
        assertTrue(e.getMessage().startsWith(path + ": "));
      }
    }
  }

  @Test
  void readsCompressedClustersAndFreesThemWhenTheyAreWritten() throws IOException {
    // Two compressed clusters in one cluster of the file, and one in two.
    ByteBuffer image = ByteBuffer.allocate(8 * CLUSTER);
    image.put(Qcow2Creator.image(4 * CLUSTER, 16, 3, 4, null, null));
    int l2 = 4 * CLUSTER;
    image.putLong(3 * CLUSTER, l2 | ClusterMap.COPIED);
    int[] places = {5 * CLUSTER, 5 * CLUSTER + 1000, 6 * CLUSTER - 10};
    for (int i = 0; i < places.length; i++) {
      byte[] packed = deflated(filled(CLUSTER, i + 1));
      image.put(places[i], packed);
      int sectors = (places[i] % 512 + packed.length + 511) / 512 - 1;
      image.putLong(l2 + 8 * i, ClusterMap.COMPRESSED | (long) sectors << 54 | places[i]);
    }
    int counts = 2 * CLUSTER;
    image.putShort(counts + 2 * 4, (short) 1);
    image.putShort(counts + 2 * 5, (short) 3);
    image.putShort(counts + 2 * 6, (short) 1);
    RecordingFile file = new RecordingFile(Arrays.copyOf(image.array(), 7 * CLUSTER));
    try (Qcow2Disk disk = new Qcow2Disk(file, Qcow2Header.read(file), null, false)) {
      for (int i = 0; i < places.length; i++) {
        assertArrayEquals(filled(CLUSTER, i + 1), read(disk, i * CLUSTER, CLUSTER));
      }
      disk.write(CLUSTER + 512, filled(512, 9), 0, 512);
      disk.write(2 * CLUSTER, filled(CLUSTER, 9), 0, CLUSTER);
      assertEquals(2, read(disk, CLUSTER, 1)[0]);
      assertEquals(9, read(disk, CLUSTER + 1023, 1)[0]);
      assertEquals(1, read(disk, 5, 1)[0]);
    }
    ByteBuffer now = ByteBuffer.wrap(file.content());
    assertEquals(1, now.getShort(counts + 2 * 5));
    assertEquals(0, now.getShort(counts + 2 * 6));
  }

  private static byte[] deflated(byte[] bytes) {
    try (Deflater deflater = new Deflater(9, true)) {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] packed = new byte[bytes.length];
      return Arrays.copyOf(packed, deflater.deflate(packed));
    }
  }
}
