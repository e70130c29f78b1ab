package dev.isomorph.systemvm.gdb;

/** Harts are threads, numbered from 1. */
final class ThreadIds {
  private ThreadIds() {}

  static String of(int hart) {
    return Integer.toHexString(hart + 1);
  }

  /** Reads the thread of a hart. */
  static int hart(Fields fields, int harts) throws BadPacket {
    int id = fields.count(harts);
    if (id == 0) {
      throw new BadPacket();
    }
    return id - 1;
  }
}
