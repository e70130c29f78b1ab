package dev.isomorph.translator.ir;

/**
 * Numbers of the guest state that IR reads and writes by {@link IrOp#GET}, {@link IrOp#PUT}, {@link
 * IrOp#GETF} and {@link IrOp#PUTF}. Slots 0–31 are x0–x31 and 32–63 are f0–f31.
 */
public final class StateSlot {
  /** First float register. */
  public static final int F0 = 32;

  /** The dynamic rounding mode, frm (0–7), as an integer. */
  public static final int FRM = 64;

  /** Number of slots. */
  public static final int COUNT = 65;

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
    return slot < FRM ? "f" + (slot - F0) : "frm";
  }
}
