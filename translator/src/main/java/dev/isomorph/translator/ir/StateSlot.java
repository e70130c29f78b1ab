package dev.isomorph.translator.ir;

/**
 * Numbers of the guest state that IR reads and writes by {@link IrOp#GET}, {@link IrOp#PUT}, {@link
 * IrOp#GETF} and {@link IrOp#PUTF}. Slots 0–31 are x0–x31 and 32–63 are f0–f31. Those from {@link
 * #STATUS} on are for the code of a machine's supervisor only.
 */
public final class StateSlot {
  /** First float register. */
  public static final int F0 = 32;

  /** The dynamic rounding mode, frm (0–7), as an integer. */
  public static final int FRM = 64;

  /** The status of a machine's hart, mstatus but for SD. */
  public static final int STATUS = 65;

  /**
   * Not 0 if an interrupt may be pending that is enabled in itself: then it is {@link
   * #PENDING_SIE}. Others may set it at any time.
   */
  public static final int PENDING = 66;

  public static final int SSCRATCH = 67;
  public static final int SEPC = 68;
  public static final int SCAUSE = 69;
  public static final int STVAL = 70;

  /** The privilege mode: 0 for user, 1 for supervisor, 3 for machine mode. */
  public static final int PRIVILEGE = 71;

  /** Where the time can be read without the machine: bit 0 in user, bit 1 in supervisor mode. */
  public static final int TIME_RIGHTS = 72;

  /** What {@link #PENDING} is if it is not 0: the bit of SIE in the status. */
  public static final long PENDING_SIE = 1 << 1;

  /** Number of slots. */
  public static final int COUNT = 73;

  /**
   * In regions only, and no part of the guest's state: the low word of x0 on its way to another
   * node, with anything above; those of the other registers follow, and floats without what only
   * the state has.
   */
  public static final int WORD = COUNT;

  /** Number of slots in regions. */
  public static final int COUNT_IN_REGIONS = WORD + FRM;

  private static final String[] OTHERS = {
    "frm", "status", "pending", "sscratch", "sepc", "scause", "stval", "privilege", "time rights"
  };

  private StateSlot() {}

  /** The slot of x{@code n}; x0 has no slot that may be written. */
  public static int x(int n) {
    return n;
  }

  /** The slot of f{@code n}. */
  public static int f(int n) {
    return F0 + n;
  }

  /** The name the ISA manual gives the slot. */
  public static String name(int slot) {
    if (slot < F0) {
      return "x" + slot;
    }
    if (slot >= WORD) {
      return (slot - WORD < F0 ? "word of " : "bare ") + name(slot - WORD);
    }
    return slot < FRM ? "f" + (slot - F0) : OTHERS[slot - FRM];
  }
}
