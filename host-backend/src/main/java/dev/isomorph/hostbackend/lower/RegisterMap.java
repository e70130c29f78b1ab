package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;

/**
 * A map of guest registers to host registers, their homes. Guest registers that are not in it live
 * in the register file. The {@link #FIXED} one holds at every block's edges, so that any block may
 * jump to any other; a region has one of its own inside.
 *
 * <p>Host registers are numbered 0–15 for the general ones and 16–31 for xmm0–xmm15.
 */
public final class RegisterMap {
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
  public static final RegisterMap FIXED = fixed();

  private final byte[] homeOfSlot = new byte[StateSlot.COUNT];
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

  /**
   * Makes the map that serves a piece of code best: the slots with the greatest weights have homes,
   * those that have one in the fixed map the same one.
   *
   * @param weights how much a home for a slot is worth, by slot
   */
  static RegisterMap best(long[] weights) {
    RegisterMap map = new RegisterMap();
    map.choose(weights, StateSlot.x(1), StateSlot.x(31), INTEGER_HOMES.length);
    map.choose(weights, StateSlot.f(0), StateSlot.f(31), FLOAT_HOMES.length);
    return map;
  }

  private void choose(long[] weights, int first, int last, int homes) {
    boolean[] chosen = new boolean[StateSlot.COUNT];
    for (int i = 0; i < homes; i++) {
      int best = -1;
      for (int slot = first; slot <= last; slot++) {
        boolean better = best < 0 || weights[slot] > weights[best];
        if (!chosen[slot] && weights[slot] > 0 && better) {
          best = slot;
        }
      }
      if (best < 0) {
        break;
      }
      chosen[best] = true;
    }
    // What has a fixed home stays there, which costs nothing at the edges.
    for (int slot = first; slot <= last; slot++) {
      if (chosen[slot] && FIXED.homeOf(slot) != NO_REGISTER) {
        add(slot, FIXED.homeOf(slot));
      }
    }
    int host = 0;
    for (int slot = first; slot <= last; slot++) {
      if (chosen[slot] && homeOf(slot) == NO_REGISTER) {
        while (slotOf(host) >= 0 || FIXED.slotOf(host) < 0 || isFloatHome(host) != isFloat(slot)) {
          host++;
        }
        add(slot, host);
      }
    }
    // A home that nobody wants keeps its fixed slot if that is not elsewhere: no work at the edges.
    for (int free = 0; free < HOST_REGISTERS; free++) {
      int slot = FIXED.slotOf(free);
      if (slot >= first && slot <= last && slotOf(free) < 0 && homeOf(slot) == NO_REGISTER) {
        add(slot, free);
      }
    }
  }

  private static boolean isFloatHome(int host) {
    return host >= XMM0;
  }

  private static boolean isFloat(int slot) {
    return slot >= StateSlot.F0;
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
