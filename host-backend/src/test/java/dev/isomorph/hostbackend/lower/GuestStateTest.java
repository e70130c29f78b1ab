package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.StateForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestStateTest {
  private static final int SLOT = 9;
  private static final int HOST = 3;
  private static final long BOX = 0xffff_ffffL << 32;

  private final HartState hart = new HartState(0);
  private final GuestState state = new GuestState();

  @AfterEach
  void close() {
    hart.close();
  }

  private static StateForm form(IrOp... steps) {
    StateForm form = StateForm.PLAIN;
    for (IrOp step : steps) {
      form = form.then(step, 0);
    }
    return form;
  }

  private void assertForm(long expected, StateForm form, long bare) {
    GuestState only = new GuestState();
    only.add(SLOT, RegionSlots.register(HOST), form);
    hart.field(RegisterFile.saved(HOST), bare);
    hart.takeOver(only);
    assertEquals(Long.toHexString(expected), Long.toHexString(hart.slot(SLOT)), form.toString());
  }

  @Test
  void valuesAreBroughtInTheirForm() {
    long any = 0x8765_4321_9abc_def0L;
    assertForm(any, StateForm.PLAIN, any);
    assertForm(0xffff_ffff_9abc_def0L, form(IrOp.SEXT32), any);
    assertForm(0x7abc_def0L, form(IrOp.SEXT32), 0xffff_ffff_7abc_def0L);
    assertForm(0x9abc_def0L, form(IrOp.ZEXT32), any);
    assertForm(BOX | 0x9abc_def0L, form(IrOp.BOX_S), any & ~BOX);
    assertForm(BOX | 0x9abc_def0L, form(IrOp.BOX_S), any);
  }

  @Test
  void nansAreMadeCanonical() {
    long[] numbers = {0, 1, 0x7ff0L << 48, 0xfff0L << 48, 0x3ff0L << 48};
    for (long number : numbers) {
      assertForm(number, form(IrOp.CANON_D), number);
    }
    for (long nan : new long[] {0xfff8L << 48, 0x7ff8_0000_0000_0001L, 0x7ff0_0000_0000_0001L}) {
      assertForm(0x7ff8L << 48, form(IrOp.CANON_D), nan);
    }
    for (long number : new long[] {0, 1, 0x7f80_0000L, 0xff80_0000L, 0x3f80_0000L}) {
      assertForm(BOX | number, form(IrOp.CANON_S, IrOp.BOX_S), number);
    }
    for (long nan : new long[] {0xffc0_0000L, 0x7fc0_0001L, 0x7f80_0001L}) {
      assertForm(BOX | 0x7fc0_0000L, form(IrOp.CANON_S, IrOp.BOX_S), nan);
      assertForm(BOX | nan, form(IrOp.BOX_S), nan);
    }
    // What is above a bare single does not count.
    assertForm(BOX | 0x7fc0_0000L, form(IrOp.CANON_S, IrOp.BOX_S), 0x1234_5678_7fc0_0001L);
  }

  @Test
  void constantsNeedNoPlace() {
    state.addConstant(SLOT, 0x1234_5678_9abcL);
    hart.takeOver(state);
    assertEquals(0x1234_5678_9abcL, hart.slot(SLOT));
  }

  @Test
  void valuesComeFromTheRegisterFileToo() {
    state.add(SLOT, RegionSlots.FIRST_SPILL + 5, StateForm.PLAIN);
    state.add(SLOT + 1, SLOT + 2, StateForm.PLAIN);
    hart.field(RegisterFile.slot(RegionSlots.FIRST_SPILL + 5), 55);
    hart.slot(SLOT + 2, 66);
    hart.takeOver(state);
    assertEquals(55, hart.slot(SLOT));
    assertEquals(66, hart.slot(SLOT + 1));
    assertEquals(66, hart.slot(SLOT + 2), "is not named, so it stays");
  }

  @Test
  void allIsReadBeforeAnythingIsWritten() {
    state.add(SLOT, SLOT + 1, StateForm.PLAIN);
    state.add(SLOT + 1, SLOT, StateForm.PLAIN);
    hart.slot(SLOT, 1);
    hart.slot(SLOT + 1, 2);
    hart.takeOver(state);
    assertEquals(2, hart.slot(SLOT));
    assertEquals(1, hart.slot(SLOT + 1));
  }

  @Test
  void anyNumberOfRegistersMayBeNamed() {
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      state.addConstant(slot, 100 + slot);
    }
    hart.takeOver(state);
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      assertEquals(100 + slot, hart.slot(slot));
    }
  }

  @Test
  void outsideOfRegionsRegistersAreInTheirHomes() {
    for (int slot : RegionSlots.fixed()) {
      hart.field(RegisterFile.saved(RegionSlots.host(RegionSlots.outside(slot))), 100 + slot);
    }
    hart.takeOver(GuestState.FIXED);
    for (int slot : RegionSlots.fixed()) {
      assertEquals(100 + slot, hart.slot(slot));
    }
  }
}
