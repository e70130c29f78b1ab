package dev.isomorph.systemvm.hart;

/** How addresses are translated (ISA manual volume II, {@code satp.MODE}). */
enum Paging {
  BARE(0),
  SV39(3),
  SV48(4),
  SV57(5);

  static final int PAGE_SHIFT = 12;

  /** The part of an address that one level of tables translates. */
  static final int LEVEL_SHIFT = 9;

  private static final int MODE_SHIFT = 60;
  private static final int ASID_SHIFT = 44;
  private static final int ASID_MASK = 0xffff;
  private static final long PPN = (1L << 44) - 1;

  private final int levels;

  Paging(int levels) {
    this.levels = levels;
  }

  /** The mode in a value for satp, null if it is none that there is. */
  static Paging of(long satp) {
    return switch ((int) (satp >>> MODE_SHIFT)) {
      case 0 -> BARE;
      case 8 -> SV39;
      case 9 -> SV48;
      case 10 -> SV57;
      default -> null;
    };
  }

  /** The address space in a value for satp. */
  static int asid(long satp) {
    return (int) (satp >>> ASID_SHIFT) & ASID_MASK;
  }

  /** The physical address of the root table. */
  static long root(long satp) {
    return (satp & PPN) << PAGE_SHIFT;
  }

  int levels() {
    return levels;
  }

  /** Whether all bits that are not translated repeat the highest one that is. */
  boolean isCanonical(long address) {
    int unused = Long.SIZE - PAGE_SHIFT - LEVEL_SHIFT * levels;
    return address << unused >> unused == address;
  }
}
