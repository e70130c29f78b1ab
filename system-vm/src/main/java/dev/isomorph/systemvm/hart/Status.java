package dev.isomorph.systemvm.hart;

/** The fields of {@code mstatus} and {@code sstatus}. */
final class Status {
  static final long SIE = 1L << 1;
  static final long MIE = 1L << 3;
  static final long SPIE = 1L << 5;
  static final long MPIE = 1L << 7;
  static final long SPP = 1L << 8;
  static final int MPP_SHIFT = 11;
  static final long MPP = 3L << MPP_SHIFT;
  static final int FS_SHIFT = 13;
  static final long FS = 3L << FS_SHIFT;
  static final long MPRV = 1L << 17;
  static final long SUM = 1L << 18;
  static final long MXR = 1L << 19;
  static final long TVM = 1L << 20;
  static final long TW = 1L << 21;
  static final long TSR = 1L << 22;
  static final long UXL = 3L << 32;
  static final long SXL = 3L << 34;
  static final long SD = 1L << 63;

  /** FS when the float unit's state is not what was last saved. */
  static final long FS_DIRTY = FS;

  /** UXL and SXL of a hart that has 64 bits in all modes. */
  static final long WIDTHS = 2L << 32 | 2L << 34;

  /** What supervisor mode may write. */
  static final long SUPERVISOR = SIE | SPIE | SPP | FS | SUM | MXR;

  /** What machine mode may write. */
  static final long MACHINE = SUPERVISOR | MIE | MPIE | MPP | MPRV | TVM | TW | TSR;

  /** What supervisor mode sees. */
  static final long SUPERVISOR_VIEW = SUPERVISOR | UXL | SD;

  private Status() {}
}
