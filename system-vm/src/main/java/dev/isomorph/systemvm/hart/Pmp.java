package dev.isomorph.systemvm.hart;

import java.util.Arrays;

/**
 * Physical memory protection: {@link #ENTRIES} entries of a granularity of four bytes (ISA manual
 * volume II, "Physical Memory Protection"). Further entries that there could be are always off.
 */
final class Pmp {
  static final int ENTRIES = 16;

  /** In place of permissions: an entry matches some of the bytes only, which forbids all. */
  static final int PARTIAL = -1;

  private static final int MODE = 3 << 3;
  private static final int OFF = 0;
  private static final int TOR = 1 << 3;
  private static final int NA4 = 2 << 3;

  /** Mode of an entry whose address is a power of two's; with an address of all ones, of all. */
  static final int WHOLE_ADDRESS_SPACE = 3 << 3;

  private static final int LOCKED = 1 << 7;
  private static final int WRITABLE = LOCKED | MODE | Permissions.ALL;
  private static final long ADDRESS = (1L << 54) - 1;
  private static final int GRAIN_SHIFT = 2;

  private final int[] modes = new int[ENTRIES];
  private final long[] addresses = new long[ENTRIES];

  /** The addresses each entry matches, from first to last; none if last is before first. */
  private final long[] firsts = new long[ENTRIES];

  private final long[] lasts = new long[ENTRIES];

  Pmp() {
    reset();
  }

  void reset() {
    Arrays.fill(modes, 0);
    Arrays.fill(addresses, 0);
    update();
  }

  /** Eight entries' modes, as pmpcfg of this even index has them. */
  long modes(int index) {
    long result = 0;
    for (int i = 7; i >= 0; i--) {
      int entry = index * 4 + i;
      result = result << 8 | (entry < ENTRIES ? modes[entry] : 0);
    }
    return result;
  }

  void modes(int index, long value) {
    for (int i = 0; i < 8; i++) {
      int entry = index * 4 + i;
      if (entry < ENTRIES && (modes[entry] & LOCKED) == 0) {
        modes[entry] = legal((int) (value >>> 8 * i));
      }
    }
    update();
  }

  /** To be writable but not readable is reserved. */
  private static int legal(int mode) {
    int kept = mode & WRITABLE;
    return (kept & Permissions.READ) == 0 ? kept & ~Permissions.WRITE : kept;
  }

  /** The address register of an entry: bits 55 to 2 of an address. */
  long address(int entry) {
    return entry < ENTRIES ? addresses[entry] : 0;
  }

  void address(int entry, long value) {
    if (entry < ENTRIES && !isAddressLocked(entry)) {
      addresses[entry] = value & ADDRESS;
      update();
    }
  }

  private boolean isAddressLocked(int entry) {
    int next = entry + 1 < ENTRIES ? modes[entry + 1] : 0;
    return (modes[entry] & LOCKED) != 0 || (next & (LOCKED | MODE)) == (LOCKED | TOR);
  }

  private void update() {
    for (int i = 0; i < ENTRIES; i++) {
      long address = addresses[i];
      switch (modes[i] & MODE) {
        case OFF -> match(i, 0, 0);
        case TOR -> match(i, i == 0 ? 0 : addresses[i - 1], address);
        case NA4 -> match(i, address, address + 1);
        default -> {
          // As many words as the lowest zero bit and all below it count, twice.
          long words = (address ^ address + 1) + 1;
          long first = address & -words;
          match(i, first, first + words);
        }
      }
    }
  }

  /** Has an entry match words from first to before end. */
  private void match(int entry, long first, long end) {
    firsts[entry] = first << GRAIN_SHIFT;
    lasts[entry] = (end << GRAIN_SHIFT) - 1;
  }

  /**
   * What an access to all of [address, address + length) may be.
   *
   * @param length at least 1
   * @param privilege with which memory is accessed
   * @return {@link Permissions}, or {@link #PARTIAL}
   */
  int permissions(long address, long length, Privilege privilege) {
    long last = address + length - 1;
    for (int i = 0; i < ENTRIES; i++) {
      if (lasts[i] < firsts[i] || isBelow(last, firsts[i]) || isBelow(lasts[i], address)) {
        continue;
      }
      if (isBelow(address, firsts[i]) || isBelow(lasts[i], last)) {
        return PARTIAL;
      }
      return privilege == Privilege.MACHINE && (modes[i] & LOCKED) == 0
          ? Permissions.ALL
          : modes[i] & Permissions.ALL;
    }
    return privilege == Privilege.MACHINE ? Permissions.ALL : 0;
  }

  private static boolean isBelow(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  /** Whether all of [address, address + length) may be accessed so. */
  boolean allows(long address, long length, Privilege privilege, AccessKind kind) {
    int permissions = permissions(address, length, privilege);
    return permissions != PARTIAL && (permissions & kind.permission()) != 0;
  }

  /** Puts back what {@link #modes(int)} and {@link #address(int)} gave, locked or not. */
  void restore(int entry, int mode, long address) {
    modes[entry] = legal(mode);
    addresses[entry] = address & ADDRESS;
    update();
  }

  int mode(int entry) {
    return modes[entry];
  }
}
