package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.region.StateForm;
import java.util.Arrays;

/**
 * Where the guest's registers are when a region is left in its middle. Those that are not named are
 * in the register file.
 */
public final class GuestState {
  private static final int CONSTANT = -1;

  /** Outside of regions: in the homes of the fixed map. */
  public static final GuestState FIXED = fixed();

  private int[] slots = new int[32];
  private int[] places = new int[32];
  private long[] values = new long[32];
  private StateForm[] forms = new StateForm[32];
  private int size;

  private static GuestState fixed() {
    GuestState state = new GuestState();
    for (int slot : RegionSlots.fixed()) {
      state.add(slot, RegionSlots.outside(slot), StateForm.PLAIN);
    }
    return state;
  }

  /** A guest register is what comes in a form from a {@linkplain RegionSlots region slot}. */
  public void add(int slot, int place, StateForm form) {
    add(slot, place, 0, form);
  }

  /** A guest register is a constant. */
  public void addConstant(int slot, long value) {
    add(slot, CONSTANT, value, StateForm.PLAIN);
  }

  private void add(int slot, int place, long value, StateForm form) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      forms = Arrays.copyOf(forms, 2 * size);
    }
    slots[size] = slot;
    places[size] = place;
    values[size] = value;
    forms[size] = form;
    size++;
  }

  /** Number of guest registers that are named. */
  int size() {
    return size;
  }

  /** The guest register that is named {@code i}th. */
  int slot(int i) {
    return slots[i];
  }

  boolean isConstant(int i) {
    return places[i] == CONSTANT;
  }

  /** The constant that it is. */
  long value(int i) {
    return values[i];
  }

  /** Where it is, if it is no constant. */
  int place(int i) {
    return places[i];
  }

  /** How it comes from what is there. */
  StateForm form(int i) {
    return forms[i];
  }

  /** Brings the register file up to date, with the host's registers as they have been saved. */
  void restore(long origin) {
    long[] found = new long[size];
    for (int i = 0; i < size; i++) {
      found[i] = places[i] == CONSTANT ? values[i] : forms[i].of(read(origin, places[i]));
    }
    for (int i = 0; i < size; i++) {
      HostMemory.putLong(origin + RegisterFile.slot(slots[i]), found[i]);
    }
  }

  private static long read(long origin, int place) {
    int displacement =
        RegionSlots.isRegister(place)
            ? RegisterFile.saved(RegionSlots.host(place))
            : RegisterFile.slot(place);
    return HostMemory.getLong(origin + displacement);
  }
}
