package dev.isomorph.systemvm.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.disk.Disk;
import dev.isomorph.systemvm.virtio.GuestDriver.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioBlockTest {
  private final MemoryDisk disk = new MemoryDisk(64, false);
  private final List<String> warnings = new ArrayList<>();
  private final GuestDriver driver =
      new GuestDriver(new VirtioBlock("disk0", disk, "serial-1", true, warnings::add));

  @AfterEach
  void close() {
    driver.close();
  }

  private static byte[] header(int type, long sector) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type)
        .putInt(0)
        .putLong(sector)
        .array();
  }

  private static byte[] range(long sector, int count, int flags) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(sector)
        .putInt(count)
        .putInt(flags)
        .array();
  }

  /** Sends a request and tells its status. */
  private int request(GuestDriver guest, byte[] header, Buffer... data) {
    List<Buffer> buffers = new ArrayList<>();
    buffers.add(guest.out(header));
    buffers.addAll(List.of(data));
    Buffer status = guest.in(1);
    buffers.add(status);
    guest.queue(0).send(buffers.toArray(Buffer[]::new));
    return guest.bytes(status)[0];
  }

  private static byte[] pattern(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void saysWhatItIs() {
    assertEquals(2, driver.get(8));
    assertEquals(64, driver.device.read(0x100, 4));
    assertEquals(254, driver.device.read(0x10c, 4));
    assertEquals(512, driver.device.read(0x114, 4));
    assertEquals(
        VirtioBlock.SEGMENT_COUNT
            | VirtioBlock.BLOCK_SIZE
            | VirtioBlock.FLUSH
            | VirtioBlock.DISCARD
            | VirtioBlock.WRITE_ZEROES,
        driver.offered() & ~Feature.COMMON);
  }

  @Test
  void writesAndReadsInPieces() {
    driver.start();
    byte[] bytes = pattern(1536, 1);
    Buffer first = driver.out(Arrays.copyOf(bytes, 100));
    Buffer second = driver.out(Arrays.copyOfRange(bytes, 100, 1536));
    assertEquals(VirtioBlock.OK, request(driver, header(1, 3), first, second));
    assertArrayEquals(bytes, Arrays.copyOfRange(disk.bytes, 1536, 3072));
    Buffer a = driver.in(1000);
    Buffer b = driver.in(536);
    assertEquals(VirtioBlock.OK, request(driver, header(0, 3), a, b));
    assertArrayEquals(Arrays.copyOf(bytes, 1000), driver.bytes(a));
    assertArrayEquals(Arrays.copyOfRange(bytes, 1000, 1536), driver.bytes(b));
  }

  @Test
  void refusesWhatIsNotOnTheDisk() {
    driver.start();
    for (long sector : new long[] {63, 64, -1, Long.MAX_VALUE, 1L << 55}) {
      assertEquals(VirtioBlock.IO_ERROR, request(driver, header(0, sector), driver.in(1024)));
      assertEquals(
          VirtioBlock.IO_ERROR, request(driver, header(1, sector), driver.out(new byte[1024])));
    }
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(0, 0), driver.in(511)));
    assertEquals(VirtioBlock.OK, request(driver, header(0, 62), driver.in(1024)));
    assertEquals(VirtioBlock.UNSUPPORTED, request(driver, header(99, 0)));
    assertFalse(driver.needsReset());
    assertEquals(List.of(), warnings);
  }

  @Test
  void flushesAndTellsItsSerialNumber() {
    driver.start();
    assertEquals(VirtioBlock.OK, request(driver, header(1, 0), driver.out(new byte[512])));
    assertEquals(0, disk.flushes);
    assertEquals(VirtioBlock.OK, request(driver, header(4, 0)));
    assertEquals(1, disk.flushes);
    Buffer id = driver.in(20);
    assertEquals(VirtioBlock.OK, request(driver, header(8, 0), id));
    assertEquals("serial-1", new String(driver.bytes(id)).trim());
  }

  @Test
  void isSafeByItselfForADriverThatNeverFlushes() {
    driver.start(VirtioBlock.FLUSH);
    assertEquals(VirtioBlock.OK, request(driver, header(1, 0), driver.out(new byte[512])));
    assertEquals(1, disk.flushes);
    assertEquals(VirtioBlock.OK, request(driver, header(0, 0), driver.in(512)));
    assertEquals(1, disk.flushes);
  }

  @Test
  void zeroesAndDiscards() {
    driver.start();
    Arrays.fill(disk.bytes, (byte) 7);
    byte[] two = Arrays.copyOf(range(1, 2, 0), 32);
    System.arraycopy(range(8, 1, 1), 0, two, 16, 16);
    assertEquals(VirtioBlock.OK, request(driver, header(13, 0), driver.out(two)));
    for (int sector = 0; sector < 64; sector++) {
      boolean zeroed = sector == 1 || sector == 2 || sector == 8;
      assertEquals(zeroed ? 0 : 7, disk.bytes[sector * 512 + 511], "sector " + sector);
    }
    assertEquals(VirtioBlock.OK, request(driver, header(11, 0), driver.out(range(4, 2, 0))));
    assertEquals(List.of("2048+1024"), disk.discarded);
    assertEquals(
        VirtioBlock.UNSUPPORTED, request(driver, header(11, 0), driver.out(range(4, 2, 1))));
    assertEquals(
        VirtioBlock.UNSUPPORTED, request(driver, header(13, 0), driver.out(range(4, 2, 2))));
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(13, 0), driver.out(range(63, 2, 0))));
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(13, 0), driver.out(range(0, -1, 0))));
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(13, 0), driver.out(new byte[15])));
  }

  @Test
  void aReadOnlyDiskIsNeverWritten() {
    MemoryDisk fixed = new MemoryDisk(8, true);
    try (GuestDriver guest =
        new GuestDriver(new VirtioBlock("disk1", fixed, "", true, warnings::add)).start()) {
      assertTrue((guest.offered() & VirtioBlock.READ_ONLY) != 0);
      assertEquals(0, guest.offered() & (VirtioBlock.DISCARD | VirtioBlock.WRITE_ZEROES));
      assertEquals(VirtioBlock.IO_ERROR, request(guest, header(1, 0), guest.out(pattern(512, 1))));
      assertEquals(VirtioBlock.IO_ERROR, request(guest, header(13, 0), guest.out(range(0, 1, 0))));
      assertEquals(VirtioBlock.OK, request(guest, header(0, 0), guest.in(512)));
    }
  }

  @Test
  void saysOnceWhyTheDiskFails() {
    driver.start();
    disk.failure = "image.qcow2: is damaged: L1 entry 3";
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(0, 0), driver.in(512)));
    assertEquals(VirtioBlock.IO_ERROR, request(driver, header(4, 0)));
    assertEquals(List.of("image.qcow2: is damaged: L1 entry 3"), warnings);
  }

  @Test
  void aRequestWithoutHeaderOrStatusNeedsAReset() {
    driver.start();
    driver.queue(0).send(driver.out(header(4, 0)));
    assertTrue(driver.needsReset());
    driver.start();
    driver.queue(0).send(driver.out(new byte[15]), driver.in(1));
    assertTrue(driver.needsReset());
  }

  @Property(tries = 200)
  void anyGuest(@ForAll long seed) {
    MemoryDisk any = new MemoryDisk(64, seed % 3 == 0);
    RandomGuestTest.torment(new VirtioBlock("disk", any, "x", true, warning -> {}), seed);
  }

  /** A disk in memory. */
  private static final class MemoryDisk implements Disk {
    final byte[] bytes;
    final List<String> discarded = new ArrayList<>();
    private final boolean readOnly;
    int flushes;
    String failure;

    MemoryDisk(int sectors, boolean readOnly) {
      bytes = new byte[sectors * SECTOR];
      this.readOnly = readOnly;
    }

    private void failIfWanted() throws java.io.IOException {
      if (failure != null) {
        throw new java.io.IOException(failure);
      }
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean readOnly() {
      return readOnly;
    }

    @Override
    public void read(long position, byte[] to, int offset, int length) throws java.io.IOException {
      failIfWanted();
      System.arraycopy(bytes, (int) position, to, offset, length);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length)
        throws java.io.IOException {
      failIfWanted();
      assertFalse(readOnly);
      System.arraycopy(from, offset, bytes, (int) position, length);
    }

    @Override
    public void zero(long position, long length, boolean release) {
      assertFalse(readOnly);
      Arrays.fill(bytes, (int) position, (int) (position + length), (byte) 0);
    }

    @Override
    public void discard(long position, long length) {
      assertFalse(readOnly);
      discarded.add(position + "+" + length);
    }

    @Override
    public void flush() throws java.io.IOException {
      failIfWanted();
      flushes++;
    }

    @Override
    public void close() {}
  }
}
