package dev.isomorph.systemvm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory where a hart starts: sets a0 to its number, a1 to the device tree, a2 to what OpenSBI
 * wants to know of the next stage, and goes to the firmware (OpenSBI, docs/firmware/fw_dynamic.md).
 */
final class ResetRom {
  /** Its address on the board. */
  static final long ADDRESS = 0x1000;

  private static final int T0 = 5;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int MHARTID = 0xf14;
  private static final int TARGET = 24;
  private static final int TREE = 32;
  private static final int INFORMATION = 40;
  private static final int SIZE = INFORMATION + 48;
  private static final long INFORMATION_MAGIC = 0x4942534f;
  private static final long INFORMATION_VERSION = 2;
  private static final long SUPERVISOR = 1;

  private ResetRom() {}

  /**
   * Its content.
   *
   * @param target where the harts go, in machine mode
   * @param tree address of the device tree
   * @param next where firmware goes after that, in supervisor mode
   */
  static byte[] content(long target, long tree, long next) {
    ByteBuffer rom = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    rom.putInt(auipc(T0));
    rom.putInt(addi(A2, T0, INFORMATION));
    rom.putInt(csrr(A0, MHARTID));
    rom.putInt(ld(A1, T0, TREE));
    rom.putInt(ld(T0, T0, TARGET));
    rom.putInt(jr(T0));
    rom.putLong(target);
    rom.putLong(tree);
    rom.putLong(INFORMATION_MAGIC);
    rom.putLong(INFORMATION_VERSION);
    rom.putLong(next);
    rom.putLong(SUPERVISOR);
    // No options, and hart 0 is the one to start the system if firmware cannot let them race.
    rom.putLong(0);
    rom.putLong(0);
    return rom.array();
  }

  private static int auipc(int rd) {
    return 0x17 | rd << 7;
  }

  private static int addi(int rd, int rs, int immediate) {
    return 0x13 | rd << 7 | rs << 15 | immediate << 20;
  }

  private static int csrr(int rd, int csr) {
    return 0x2073 | rd << 7 | csr << 20;
  }

  private static int ld(int rd, int rs, int offset) {
    return 0x3003 | rd << 7 | rs << 15 | offset << 20;
  }

  private static int jr(int rs) {
    return 0x67 | rs << 15;
  }
}
