package dev.isomorph.systemvm.device;

/**
 * What a flash chip tells of itself (Common Flash Interface, JESD68.01; Intel extended query). The
 * geometry is that of one of two chips side by side.
 */
final class FlashQuery {
  private static final int LENGTH = 0x52;
  private static final int CHIPS = 2;
  private static final byte[] TABLE = new byte[LENGTH];

  static {
    // Magic; Intel's command set, whose extended table is at 0x31; no other.
    put(0x10, 'Q', 'R', 'Y', 1, 0, 0x31, 0, 0, 0, 0, 0);
    // 4.5 to 5.5 V, no other supply. Typical times as powers of two: write, buffer write, erase.
    put(0x1b, 0x45, 0x55, 0, 0, 7, 7, 10, 0);
    // At most so many times the typical ones.
    put(0x23, 4, 4, 4, 0);
    // Size and write buffer as powers of two; 8 or 16 bits wide; one region of equal blocks.
    int blocks = Flash.SIZE / Flash.SECTOR_BYTES;
    int blockBytes = Flash.SECTOR_BYTES / CHIPS;
    put(0x27, Integer.numberOfTrailingZeros(Flash.SIZE / CHIPS), 2, 0, Flash.BUFFER_BITS, 0, 1);
    put(0x2d, blocks - 1, blocks - 1 >> 8, blockBytes >> 8, blockBytes >> 16);
    // The extended table: version 1.0, no options, one protection field.
    put(0x31, 'P', 'R', 'I', '1', '0');
    put(0x3f, 1);
  }

  private FlashQuery() {}

  private static void put(int offset, int... values) {
    for (int i = 0; i < values.length; i++) {
      TABLE[offset + i] = (byte) values[i];
    }
  }

  /** The answer at a word's index; zero where there is none. */
  static int at(int index) {
    return index < LENGTH ? TABLE[index] & 0xff : 0;
  }
}
