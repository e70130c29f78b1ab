package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.StateSlot;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegisterFileTest {
  private static final int CONSTANT_BYTES = 16;

  /** Displacement and size of each field. */
  private static final Map<Integer, Integer> FIELDS = new TreeMap<>();

  private static void add(int displacement, int bytes) {
    Integer before = FIELDS.put(displacement, bytes);
    assertTrue(before == null, () -> "two fields at " + displacement);
  }

  @Test
  void fieldsLieApartAndWithin() {
    for (int slot = 0; slot < StateSlot.COUNT; slot++) {
      add(RegisterFile.slot(slot), 8);
    }
    for (int field :
        new int[] {
          RegisterFile.PC,
          RegisterFile.LINK_SITE,
          RegisterFile.HOST_RSP,
          RegisterFile.RETURN_STACK_LIMIT,
          RegisterFile.JUMP_CACHE,
          RegisterFile.MEMORY_BASE,
          RegisterFile.ENTRY,
          RegisterFile.FAULT_ADDRESS,
          RegisterFile.FAULT_PC,
          RegisterFile.RESERVATION_ADDRESS,
          RegisterFile.RESERVATION_VALUE,
          RegisterFile.TEMP
        }) {
      add(field, 8);
    }
    add(RegisterFile.GUEST_MXCSR, 4);
    add(RegisterFile.HOST_MXCSR, 4);
    add(RegisterFile.FAULT_SIGNAL, 4);
    add(RegisterFile.FAULT_CODE, 4);
    add(RegisterFile.FLAGS_FROM_MXCSR, 64);
    add(RegisterFile.FLAGS_TO_MXCSR, 32);
    add(RegisterFile.CONSTANTS, CONSTANT_BYTES * FloatConstants.values().length);
    for (int i = 0; i < RegisterFile.SPILL_COUNT; i++) {
      add(RegisterFile.spill(i), 8);
    }
    for (int host = 0; host < RegisterMap.HOST_REGISTERS; host++) {
      add(RegisterFile.saved(host), 8);
    }
    for (int i = 0; i < RegisterFile.ENTRY_COUNTERS; i++) {
      add(RegisterFile.entries(i), 4);
    }
    add(RegisterFile.STREAM_SET, 4);
    for (int set = 0; set < PageStream.SETS; set++) {
      add(RegisterFile.streamOwner(set), 4);
      for (int stream = 0; stream < PageStream.COUNT; stream++) {
        add(RegisterFile.turn(set, stream), 8);
        add(RegisterFile.otherEnd(set, stream), 8);
        add(RegisterFile.distance(set, stream), 8);
        add(RegisterFile.turnsLeft(set, stream), 4);
      }
    }
    int end = -RegisterFile.ORIGIN;
    for (Map.Entry<Integer, Integer> field : FIELDS.entrySet()) {
      int free = end;
      assertTrue(field.getKey() >= free, () -> "field at " + field.getKey() + " overlaps");
      end = field.getKey() + field.getValue();
    }
    assertTrue(end <= RegisterFile.SIZE - RegisterFile.ORIGIN);
  }
}
