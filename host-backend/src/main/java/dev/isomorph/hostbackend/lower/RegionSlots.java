package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;
import java.util.Locale;

/**
 * The slots that blocks inside a region read and write, instead of guest registers: those of the
 * register file, host registers, and spill slots.
 */
public final class RegionSlots {
  /** Slot of host register 0; below are the guest's registers in the register file. */
  private static final int FIRST_REGISTER = StateSlot.COUNT;

  /** Slot of the first spill slot. */
  public static final int FIRST_SPILL = FIRST_REGISTER + RegisterMap.HOST_REGISTERS;

  /** Spill slots that regions use; block compilation has the others. */
  static final int SPILLS = RegisterFile.SPILL_COUNT / 2;

  /** The slot behind those that values may be kept in. */
  public static final int PLACES = FIRST_SPILL + SPILLS;

  /** Number of slots. */
  public static final int COUNT = PLACES + PageStream.COUNT;

  /** The general registers that hold values of a region. */
  public static final int[] GPR_REGISTERS = registers(0, RegisterMap.XMM0);

  /** The float registers that do. */
  public static final int[] XMM_REGISTERS = registers(RegisterMap.XMM0, RegisterMap.HOST_REGISTERS);

  private RegionSlots() {}

  private static int[] registers(int first, int end) {
    int[] found = new int[end - first];
    int count = 0;
    for (int host = first; host < end; host++) {
      if (RegisterMap.FIXED.slotOf(host) >= 0) {
        found[count++] = register(host);
      }
    }
    return Arrays.copyOf(found, count);
  }

  static int register(int host) {
    return FIRST_REGISTER + host;
  }

  /** Whether a slot is a host register. */
  public static boolean isRegister(int slot) {
    return slot >= FIRST_REGISTER && slot < FIRST_SPILL;
  }

  /** The host register that a slot is. */
  static int host(int slot) {
    return slot - FIRST_REGISTER;
  }

  /** Where a guest register is outside of regions. */
  public static int outside(int guestSlot) {
    int home = RegisterMap.FIXED.homeOf(guestSlot);
    return home == RegisterMap.NO_REGISTER ? guestSlot : register(home);
  }

  /** The guest registers that are in host registers outside of regions. */
  public static int[] fixed() {
    int[] found = new int[StateSlot.COUNT];
    int count = 0;
    for (int slot = 0; slot < StateSlot.COUNT; slot++) {
      if (RegisterMap.FIXED.homeOf(slot) != RegisterMap.NO_REGISTER) {
        found[count++] = slot;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /**
   * To put an address here says that a loop is entered with it: it may be on the wrong side of the
   * page that a stream of the loop had.
   */
  public static int start(PageStream stream) {
    return PLACES + stream.index();
  }

  /** Whether putting something to a slot says where a stream starts. */
  static boolean isStart(int slot) {
    return slot >= PLACES;
  }

  /** The index of the stream of a slot that {@link #isStart}. */
  static int started(int slot) {
    return slot - PLACES;
  }

  /** What a slot is, for people. */
  public static String name(int slot) {
    if (isRegister(slot)) {
      int host = host(slot);
      return host < RegisterMap.XMM0
          ? RegisterMap.gpr(host).toString().toLowerCase(Locale.ROOT)
          : RegisterMap.xmm(host).toString().toLowerCase(Locale.ROOT);
    }
    if (slot >= PLACES) {
      return "start of stream " + started(slot);
    }
    return slot >= FIRST_SPILL ? "spill " + (slot - FIRST_SPILL) : StateSlot.name(slot);
  }
}
