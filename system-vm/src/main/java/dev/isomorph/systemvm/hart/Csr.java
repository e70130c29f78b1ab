package dev.isomorph.systemvm.hart;

/**
 * The control and status registers of a hart with M, S and U modes: which exist, what in them can
 * be written (ISA manual volume II, "CSR Listing" and the sections on each; extensions Zicntr,
 * Zihpm, Sstc, Svade, Svadu, Svpbmt, Zicbom, Zicboz). A number's bits 8 and 9 are the lowest
 * privilege that may access it, bits 10 and 11 are both set if it cannot be written.
 */
enum Csr {
  FFLAGS(0x001, Rule.FLOATS, 0x1f),
  FRM(0x002, Rule.FLOATS, 0x7),
  FCSR(0x003, Rule.FLOATS, 0xff),

  SSTATUS(0x100, Rule.STATUS, Status.SUPERVISOR),
  SIE(0x104, Rule.ENABLED_INTERRUPTS, Interrupts.ALL),
  STVEC(0x105, Rule.STORED, Masks.VECTOR),
  SCOUNTEREN(0x106, Rule.STORED, Masks.LOW_WORD),
  SENVCFG(0x10a, Rule.STORED, Environment.USER),
  SSCRATCH(0x140, Rule.STORED, Masks.ALL),
  SEPC(0x141, Rule.STORED, Masks.PC),
  SCAUSE(0x142, Rule.STORED, Masks.ALL),
  STVAL(0x143, Rule.STORED, Masks.ALL),
  SIP(0x144, Rule.PENDING_INTERRUPTS, Masks.NONE),
  STIMECMP(0x14d, Rule.TIMER, Masks.ALL),
  SATP(0x180, Rule.ADDRESS_SPACE, Masks.ALL),

  MSTATUS(0x300, Rule.STATUS, Status.MACHINE, Status.WIDTHS),
  MISA(0x301, Rule.STORED, Masks.NONE, Masks.MISA),
  MEDELEG(0x302, Rule.STORED, Masks.DELEGABLE),
  MIDELEG(0x303, Rule.STORED, Interrupts.SUPERVISOR),
  MIE(0x304, Rule.STORED, Interrupts.ALL),
  MTVEC(0x305, Rule.STORED, Masks.VECTOR),
  MCOUNTEREN(0x306, Rule.STORED, Masks.LOW_WORD),
  MENVCFG(0x30a, Rule.STORED, Environment.MACHINE, Environment.RESET),
  MCOUNTINHIBIT(0x320, Rule.COUNTER_INHIBIT, 0b101),
  MHPMEVENT(0x323, 29, Rule.ZERO),
  MSCRATCH(0x340, Rule.STORED, Masks.ALL),
  MEPC(0x341, Rule.STORED, Masks.PC),
  MCAUSE(0x342, Rule.STORED, Masks.ALL),
  MTVAL(0x343, Rule.STORED, Masks.ALL),
  MIP(0x344, Rule.PENDING_INTERRUPTS, Masks.NONE),
  PMPCFG(0x3a0, 16, Rule.PROTECTION_MODE),
  PMPADDR(0x3b0, 64, Rule.PROTECTION_ADDRESS),
  /** No triggers: tselect stays 0, and the type there is "none". */
  TSELECT(0x7a0, Rule.ZERO, Masks.NONE),
  TDATA(0x7a1, 3, Rule.ZERO),
  TINFO(0x7a4, Rule.STORED, Masks.NONE, 1),
  MCYCLE(0xb00, Rule.COUNTER, Masks.ALL),
  MINSTRET(0xb02, Rule.COUNTER, Masks.ALL),
  MHPMCOUNTER(0xb03, 29, Rule.ZERO),

  CYCLE(0xc00, Rule.COUNTER, Masks.NONE),
  TIME(0xc01, Rule.TIME, Masks.NONE),
  INSTRET(0xc02, Rule.COUNTER, Masks.NONE),
  HPMCOUNTER(0xc03, 29, Rule.ZERO),

  MVENDORID(0xf11, Rule.STORED, Masks.NONE),
  MARCHID(0xf12, Rule.STORED, Masks.NONE),
  MIMPID(0xf13, Rule.STORED, Masks.NONE),
  MHARTID(0xf14, Rule.STORED, Masks.NONE),
  MCONFIGPTR(0xf15, Rule.ZERO, Masks.NONE);

  /** Where a register's value is, and what writing it does beyond. */
  enum Rule {
    /** Kept as written, but for bits that cannot be written. */
    STORED,
    /** Always zero. */
    ZERO,
    /** Part of fcsr; exists while the float unit is on. */
    FLOATS,
    /** All of mstatus, or what supervisor mode may see of it. */
    STATUS,
    /** What mie has of delegated interrupts. */
    ENABLED_INTERRUPTS,
    /** All pending interrupts, or those that are delegated. */
    PENDING_INTERRUPTS,
    /** The supervisor's timer. */
    TIMER,
    ADDRESS_SPACE,
    COUNTER,
    COUNTER_INHIBIT,
    TIME,
    PROTECTION_MODE,
    PROTECTION_ADDRESS
  }

  private static final class Masks {
    static final long NONE = 0;
    static final long ALL = -1;
    static final long LOW_WORD = 0xffff_ffffL;

    /** Instructions are at even addresses. */
    static final long PC = ~1L;

    /** Vectors at words, directly or by cause. */
    static final long VECTOR = ~2L;

    /** All causes but those that cannot occur below machine mode. */
    static final long DELEGABLE = 0xb3fe;

    /** RV64 with A, B, C, D, F, I, M, S and U. */
    static final long MISA =
        2L << 62 | 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 8 | 1 << 12 | 1 << 18 | 1 << 20;
  }

  /** Numbers that a register may have. */
  static final int COUNT = 4096;

  private static final Csr[] BY_NUMBER = byNumber();

  private final int first;
  private final int count;
  private final Rule rule;
  private final long writable;
  private final long reset;

  Csr(int number, Rule rule, long writable) {
    this(number, 1, rule, writable, 0);
  }

  Csr(int number, Rule rule, long writable, long reset) {
    this(number, 1, rule, writable, reset);
  }

  /** A row of registers. */
  Csr(int first, int count, Rule rule) {
    this(first, count, rule, Masks.ALL, 0);
  }

  Csr(int first, int count, Rule rule, long writable, long reset) {
    this.first = first;
    this.count = count;
    this.rule = rule;
    this.writable = writable;
    this.reset = reset;
  }

  /** The register of a number from 0 to 4095, or the row it is in; null if there is none. */
  static Csr of(int number) {
    return BY_NUMBER[number];
  }

  /** The number of the register, or the first of a row. */
  int number() {
    return first;
  }

  Rule rule() {
    return rule;
  }

  /** The bits that can be written; others keep their value. */
  long writable() {
    return writable;
  }

  /** What it is after a reset. */
  long reset() {
    return reset;
  }

  private static Csr[] byNumber() {
    Csr[] table = new Csr[COUNT];
    for (Csr csr : values()) {
      for (int i = 0; i < csr.count; i++) {
        table[csr.first + i] = csr;
      }
    }
    return table;
  }
}
