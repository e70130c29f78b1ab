package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.StateSlot;

/**
 * The fixed map of guest registers to host registers that holds at every block's edges, so that any
 * block may jump to any other. Guest registers that are not in it live in the register file.
 *
 * <p>Host registers are numbered 0–15 for the general ones and 16–31 for xmm0–xmm15.
 */
public final class FixedMap {
  /** Number of host registers of both classes. */
  static final int HOST_REGISTERS = 32;

  /** Number of xmm0. */
  static final int XMM0 = 16;

  /** No host register. */
  static final int NO_REGISTER = -1;

  static final Gpr STATE = Gpr.RBP;
  static final Gpr MEMORY = Gpr.R15;

  private static final Gpr[] GPRS = Gpr.values();
  private static final Xmm[] XMMS = Xmm.values();

  /** Guest integer register and its host home: the compilers' favourites, by measured use. */
  private static final int[][] INTEGER_HOMES = {
    {10, Gpr.RBX.ordinal()},
    {11, Gpr.RSI.ordinal()},
    {12, Gpr.RDI.ordinal()},
    {13, Gpr.R8.ordinal()},
    {14, Gpr.R9.ordinal()},
    {15, Gpr.R10.ordinal()},
    {2, Gpr.R11.ordinal()},
    {8, Gpr.R12.ordinal()},
    {9, Gpr.R13.ordinal()},
    {18, Gpr.R14.ordinal()},
  };

  /**
   * Guest float registers in xmm4, xmm5, …: fa5–fa0, ft0–ft5, the order in which gcc takes them.
   */
  private static final int[] FLOAT_HOMES = {15, 14, 13, 12, 11, 10, 0, 1, 2, 3, 4, 5};

  private static final int FIRST_FLOAT_HOME = XMM0 + 4;

  private static final byte[] HOME_OF_SLOT = new byte[StateSlot.COUNT];
  private static final byte[] SLOT_OF_HOST = new byte[HOST_REGISTERS];

  static {
    java.util.Arrays.fill(HOME_OF_SLOT, (byte) NO_REGISTER);
    java.util.Arrays.fill(SLOT_OF_HOST, (byte) -1);
    for (int[] home : INTEGER_HOMES) {
      HOME_OF_SLOT[home[0]] = (byte) home[1];
      SLOT_OF_HOST[home[1]] = (byte) home[0];
    }
    for (int i = 0; i < FLOAT_HOMES.length; i++) {
      HOME_OF_SLOT[StateSlot.f(FLOAT_HOMES[i])] = (byte) (FIRST_FLOAT_HOME + i);
      SLOT_OF_HOST[FIRST_FLOAT_HOME + i] = (byte) StateSlot.f(FLOAT_HOMES[i]);
    }
  }

  private FixedMap() {}

  /** The host register that is the home of a slot, or {@link #NO_REGISTER}. */
  static int homeOf(int slot) {
    return HOME_OF_SLOT[slot];
  }

  /** The slot whose home a host register is, or -1. */
  static int slotOf(int host) {
    return SLOT_OF_HOST[host];
  }

  static Gpr gpr(int host) {
    return GPRS[host];
  }

  static Xmm xmm(int host) {
    return XMMS[host - XMM0];
  }
}
