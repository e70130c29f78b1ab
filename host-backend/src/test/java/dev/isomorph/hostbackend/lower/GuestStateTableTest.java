package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.region.StateForm;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** States are read as they were written. */
class GuestStateTableTest {
  private static final int TABLES = 200;
  private static final IrOp[] STEPS = {
    IrOp.SEXT32, IrOp.ZEXT32, IrOp.ADD, IrOp.SHL, IrOp.AND, IrOp.CANON_D, IrOp.BOX_S
  };

  private static GuestState random(Random random) {
    GuestState state = new GuestState();
    for (int slot = 1; slot < StateSlot.FRM; slot++) {
      switch (random.nextInt(4)) {
        case 0 -> state.addConstant(slot, random.nextLong() >> random.nextInt(64));
        case 1 -> state.add(slot, random.nextInt(RegionSlots.PLACES), form(random));
        case 2 -> state.add(slot, random.nextInt(RegionSlots.PLACES), StateForm.PLAIN);
        default -> {}
      }
    }
    return state;
  }

  private static StateForm form(Random random) {
    StateForm form = StateForm.PLAIN;
    for (int i = random.nextInt(4); i > 0; i--) {
      form = form.then(STEPS[random.nextInt(STEPS.length)], random.nextInt(3));
    }
    return form;
  }

  private static void assertKept(GuestState[] states, String what) {
    byte[] bytes = GuestStateTable.bytes(states);
    long at = HostMemory.allocate(bytes.length);
    HostMemory.copyIn(bytes, 0, at, bytes.length);
    GuestStateTable table = new GuestStateTable(at, states.length);
    for (int i = 0; i < states.length; i++) {
      String where = what + ", instruction " + i;
      if (states[i] == null) {
        assertNull(table.at(i), where);
      } else {
        assertSame(states[i], table.at(i), where);
      }
    }
    HostMemory.free(at, bytes.length);
  }

  private static void assertSame(GuestState expected, GuestState state, String where) {
    assertEquals(expected.size(), state.size(), where);
    for (int i = 0; i < state.size(); i++) {
      assertEquals(expected.slot(i), state.slot(i), where);
      assertEquals(expected.isConstant(i), state.isConstant(i), where);
      assertEquals(expected.place(i), state.place(i), where);
      assertEquals(expected.value(i), state.value(i), where);
      assertEquals(expected.form(i), state.form(i), where);
    }
  }

  @Test
  void anyStatesAreKept() {
    for (int seed = 0; seed < TABLES; seed++) {
      Random random = new Random(seed);
      GuestState[] states = new GuestState[random.nextInt(20)];
      for (int i = 0; i < states.length; i++) {
        states[i] = random.nextInt(3) == 0 ? null : random(random);
      }
      assertKept(states, "seed " + seed);
    }
  }

  @Test
  void statesOfRegionsAreKept() throws IOException {
    for (GuestLoop loop : GuestLoop.all()) {
      RegionWriter.Result region = new LoopTier(Pass.ALL).write(loop, loop.hot());
      assertKept(region.states(), loop.name());
    }
  }

  @Test
  void whatIsTooMuchIsNot() {
    GuestState state = new GuestState();
    for (int i = 0; i < 1 << 16; i++) {
      state.addConstant(1, i);
    }
    assertNull(GuestStateTable.bytes(new GuestState[] {state}));
  }
}
