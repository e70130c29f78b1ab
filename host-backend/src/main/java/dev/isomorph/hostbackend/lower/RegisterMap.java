package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;

/**
 * A map of guest registers to host registers, their homes. Guest registers that are not in it live
 * in the register file. The {@link #FIXED} one holds at every block's edges, so that any block may
 * jump to any other; inside a region the slots are {@link RegionSlots}.
 *
 * <p>Host registers are numbered 0–15 for the general ones and 16–31 for xmm0–xmm15.
 */
final class RegisterMap {
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

  /** The map at the edges of blocks. */
  static final RegisterMap FIXED = fixed();

  /** Inside regions: the same host registers, each the home of its own {@link RegionSlots}. */
  static final RegisterMap REGION = region();

  private final byte[] homeOfSlot = new byte[RegionSlots.COUNT];
  private final byte[] slotOfHost = new byte[HOST_REGISTERS];

  private RegisterMap() {
    Arrays.fill(homeOfSlot, (byte) NO_REGISTER);
    Arrays.fill(slotOfHost, (byte) -1);
  }

  private static RegisterMap fixed() {
    RegisterMap map = new RegisterMap();
    for (int[] home : INTEGER_HOMES) {
      map.add(StateSlot.x(home[0]), home[1]);
    }
    for (int i = 0; i < FLOAT_HOMES.length; i++) {
      map.add(StateSlot.f(FLOAT_HOMES[i]), FIRST_FLOAT_HOME + i);
    }
    return map;
  }

  private static RegisterMap region() {
    RegisterMap map = new RegisterMap();
    for (int host = 0; host < HOST_REGISTERS; host++) {
      if (FIXED.slotOf(host) >= 0) {
        map.add(RegionSlots.register(host), host);
      }
    }
    return map;
  }

  private void add(int slot, int host) {
    homeOfSlot[slot] = (byte) host;
    slotOfHost[host] = (byte) slot;
  }

  /** The host register that is the home of a slot, or {@link #NO_REGISTER}. */
  int homeOf(int slot) {
    return homeOfSlot[slot];
  }

  /** The slot whose home a host register is, or -1. */
  int slotOf(int host) {
    return slotOfHost[host];
  }

  static Gpr gpr(int host) {
    return GPRS[host];
  }

  static Xmm xmm(int host) {
    return XMMS[host - XMM0];
  }
}
