package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class FlashTest {
  private static final int READ_ARRAY = 0x00ff_00ff;
  private static final int PROGRAM = 0x0040_0040;
  private static final int ERASE = 0x0020_0020;
  private static final int WRITE_BUFFER = 0x00e8_00e8;
  private static final int CONFIRM = 0x00d0_00d0;
  private static final int READY = 0x0080_0080;
  private static final int SECTOR = 0x4_0000;

  private final Flash flash = new Flash("flash0", new byte[] {1, 2, 3, 4, 5});

  private int in(int offset) {
    return (int) flash.read(offset, 4);
  }

  private void out(int offset, int value) {
    flash.write(offset, 4, Integer.toUnsignedLong(value));
  }

  private void program(int offset, int value) {
    out(offset, PROGRAM);
    out(offset, value);
    assertEquals(READY, in(offset));
    out(0, READ_ARRAY);
  }

  @Test
  void showsItsContentAndOnesBehind() {
    assertEquals(0x0403_0201, in(0));
    assertEquals(0xffff_ff05_0403_0201L, flash.read(0, 8));
    assertEquals(3, flash.read(2, 1));
    assertEquals(0x0403, flash.read(2, 2));
    assertEquals(-1, in(Flash.SIZE - 4));
  }

  @Test
  void tellsBothChipsQueries() {
    out(0x55 * 4, 0x0098_0098);
    StringBuilder magic = new StringBuilder();
    for (int i = 0x10; i < 0x13; i++) {
      assertEquals(in(4 * i) >>> 16, in(4 * i) & 0xffff);
      magic.append((char) (in(4 * i) & 0xff));
    }
    assertEquals("QRY", magic.toString());
    assertEquals(0x0018_0018, in(4 * 0x27), "16 MiB a chip");
    assertEquals(0x007f_007f, in(4 * 0x2d), "128 blocks");
    assertEquals(0x0002_0002, in(4 * 0x30), "of 128 KiB a chip");
    assertEquals(0, in(4 * 0x52));
    assertEquals(0, in(Flash.SIZE - 4));
    out(0, READ_ARRAY);
    assertEquals(0x0403_0201, in(0));
  }

  @Test
  void tellsItsMaker() {
    out(0, 0x0090_0090);
    assertEquals(0x0089_0089, in(0));
    assertEquals(0x0018_0018, in(4));
    assertEquals(0, in(8));
    assertEquals(0x89, flash.read(0, 1));
    assertEquals(0, flash.read(1, 1));
  }

  @Test
  void programmingOnlyClearsBits() {
    program(0x100, 0xff00_00ff);
    assertEquals(0xff00_00ff, in(0x100));
    program(0x100, 0x1234_5678);
    assertEquals(0x1200_0078, in(0x100));
    flash.write(0x104, 2, 0x40);
    flash.write(0x104, 2, 0xabcd);
    out(0, READ_ARRAY);
    assertEquals(0xffff_abcd, in(0x104));
  }

  @Test
  void erasingNeedsConfirmation() {
    program(SECTOR, 0);
    out(0, ERASE);
    out(0, CONFIRM);
    assertEquals(READY, in(0));
    out(0, READ_ARRAY);
    assertEquals(-1, in(0));
    assertEquals(0, in(SECTOR), "the next sector is another");
    out(SECTOR, ERASE);
    out(SECTOR, READ_ARRAY);
    out(0, 0x0070_0070);
    assertEquals(READY | 0x0030_0030, in(0));
    out(0, 0x0050_0050);
    assertEquals(0, in(SECTOR));
    out(0, 0x0070_0070);
    assertEquals(READY, in(0));
  }

  @Test
  void buffersAreWrittenWhenConfirmed() {
    out(SECTOR, WRITE_BUFFER);
    assertEquals(READY, in(SECTOR));
    out(SECTOR, 0x0002_0002);
    out(SECTOR + 8, 7);
    out(SECTOR + 12, 8);
    flash.write(SECTOR + 17, 1, 9);
    out(SECTOR, CONFIRM);
    assertEquals(READY, in(SECTOR));
    out(0, READ_ARRAY);
    assertEquals(7, in(SECTOR + 8));
    assertEquals(8, in(SECTOR + 12));
    assertEquals(0xffff_09ff, in(SECTOR + 16));
  }

  @Test
  void buffersThatAreTooLargeOrNotConfirmedAreNotWritten() {
    out(0, WRITE_BUFFER);
    out(0, 0xffff_ffff);
    assertEquals(READY | 0x0030_0030, in(0));
    out(0, 0x0050_0050);
    out(0, WRITE_BUFFER);
    out(0, 0);
    out(0x200, 0);
    out(0, READ_ARRAY);
    assertEquals(READY | 0x0030_0030, in(0));
    out(0, READ_ARRAY);
    assertEquals(-1, in(0x200));
  }

  @Test
  void locksDoNothing() {
    out(0, 0x0060_0060);
    out(0, 0x0001_0001);
    assertEquals(READY, in(0));
    program(0x300, 5);
    assertEquals(5, in(0x300));
  }

  @Test
  void resetKeepsTheContent() {
    program(0x100, 6);
    out(0, 0x0098_0098);
    flash.reset();
    assertEquals(6, in(0x100));
  }

  @Test
  void aRestoredFlashGoesOnInTheMiddleOfABuffer() {
    program(SECTOR, 6);
    out(0, WRITE_BUFFER);
    out(0, 1);
    out(0x400, 1);
    Flash other = new Flash("flash0", new byte[0]);
    DeviceChecks.carryOver(flash, other);
    other.write(0x404, 4, 2);
    other.write(0, 4, CONFIRM);
    other.write(0, 4, READ_ARRAY);
    assertEquals(0x2_0000_0001L, other.read(0x400, 8));
    assertEquals(6, other.read(SECTOR, 4));
    assertEquals(0x0403_0201, other.read(0, 4));
  }

  @Test
  void contentMustFit() {
    assertThrows(
        IllegalArgumentException.class, () -> new Flash("flash0", new byte[Flash.SIZE + 1]));
  }

  @Property(tries = 30)
  void standsGarbage(@ForAll long seed) {
    Random random = new Random(seed);
    Flash garbage = new Flash("flash0", new byte[0]);
    DeviceChecks.bombard(garbage, 4 * SECTOR, random, 2000);
    byte[] before = DeviceChecks.saved(garbage);
    DeviceChecks.carryOver(garbage, garbage);
    assertArrayEquals(before, DeviceChecks.saved(garbage));
  }
}
