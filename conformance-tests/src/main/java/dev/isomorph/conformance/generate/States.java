package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.witness.Layout;
import java.util.Arrays;
import java.util.Random;

/** Random states and addresses. */
final class States {
  private static final int PAGE = SparseMemory.PAGE;

  /**
   * Addresses outside of the guest's window that emitted code reports as faults: they lead to host
   * addresses that can never be mapped.
   */
  private static final long[] FAR = {
    -1,
    -8,
    -0x800,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 5,
    Long.MAX_VALUE,
    1L << 48,
    0x1234_5678_9abc_def0L,
    0xffff_0000_0000_0000L,
  };

  private final Random random;
  private final Corners corners;

  States(Random random) {
    this.random = random;
    corners = new Corners(random);
  }

  Corners corners() {
    return corners;
  }

  long[] integers() {
    long[] x = new long[32];
    Arrays.setAll(x, i -> i == 0 ? 0 : corners.integer());
    return x;
  }

  long[] floats() {
    long[] f = new long[32];
    Arrays.setAll(f, i -> corners.anyFloat());
    return f;
  }

  /** All rounding modes, the reserved ones less often than the others, and any flags. */
  int fcsr() {
    int frm = random.nextInt(10);
    return (frm < 8 ? frm : frm - 8) << 5 | random.nextInt(32);
  }

  /** An address to access: in the data, across the border of a page, or somewhere else. */
  long address(int width, boolean aligned) {
    long address =
        switch (random.nextInt(16)) {
          case 0, 1, 2, 3 -> border() - random.nextInt(width + 1);
          case 4 -> border() + random.nextInt(16) - 8;
          case 5 -> random.nextInt(8) == 0 ? far() : random.nextInt() & 0xffff_ffffL;
          default -> Layout.DATA + random.nextInt(2 * PAGE);
        };
    return aligned && random.nextInt(8) != 0 ? address & -width : address;
  }

  private long border() {
    int page = random.nextInt(10);
    return switch (page) {
      case 7 -> Layout.WINDOW - PAGE;
      case 8 -> Layout.WINDOW;
      case 9 -> Layout.CODE;
      default -> Layout.DATA + page * PAGE;
    };
  }

  private long far() {
    return FAR[random.nextInt(FAR.length)];
  }

  /** An address in the pages that may be read and written. */
  long dataPointer() {
    return Layout.DATA + 8 * random.nextInt(2 * PAGE / 8);
  }

  /** An even address in the code. */
  long codeAddress() {
    return Layout.CODE + 2 * random.nextInt(Layout.CODE_SIZE / 2);
  }
}
