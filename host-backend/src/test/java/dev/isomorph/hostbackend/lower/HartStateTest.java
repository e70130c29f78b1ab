package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.ir.StateSlot;
import org.junit.jupiter.api.Test;

class HartStateTest {
  private static final long PC = 0x12344;
  private static final long CODE = 0x7000_1234_5678L;

  @Test
  void startsWithNothing() {
    for (int i = 0; i < 4; i++) {
      try (HartState hart = new HartState(0x4000)) {
        for (int slot = 1; slot < StateSlot.COUNT; slot++) {
          assertEquals(0, hart.slot(slot), StateSlot.name(slot));
          hart.field(RegisterFile.slot(slot), -1);
        }
        assertEquals(0, hart.fflags());
        assertEquals(0x4000, hart.field(RegisterFile.MEMORY_BASE));
        assertEquals(-1, hart.field(RegisterFile.RESERVATION_ADDRESS));
        assertEquals(0, hart.poll());
        hart.poll(1);
      }
    }
  }

  /** Emitted code takes it for 0. */
  @Test
  void theLowestByteOfItsOriginIsZero() {
    try (HartState hart = new HartState(0, 1)) {
      assertEquals(0, (byte) hart.origin());
    }
  }

  @Test
  void whoAsksFirstIsNotForgotten() {
    try (HartState hart = new HartState(0)) {
      assertEquals(0, hart.takePoll());
      assertTrue(hart.poll(0, 2));
      assertFalse(hart.poll(0, 2));
      hart.poll(1);
      assertFalse(hart.poll(0, 2));
      assertEquals(1, hart.poll());
      assertEquals(1, hart.takePoll());
      assertEquals(0, hart.poll());
      assertEquals(0, hart.field(RegisterFile.RETURN_STACK_LIMIT));
    }
  }

  /** Who has used up all turns gets fewer, until that is enough. */
  @Test
  void turnsAreRenewedAsTheyAreUsed() {
    int stream = PageStream.Way.ANY.first();
    try (HartState hart = new HartState(0)) {
      int most = turns(hart, stream);
      hart.renewTurns();
      assertEquals(most, turns(hart, stream));
      for (int i = 0; i < 5; i++) {
        HostMemory.putInt(hart.address(RegisterFile.turnsLeft(1, stream)), 0);
        hart.renewTurns();
        assertTrue(turns(hart, stream) > 0);
      }
      assertTrue(turns(hart, stream) < most / 100);
      assertEquals(most, turns(hart, stream + 1));
      for (int i = 0; i < 10; i++) {
        hart.renewTurns();
      }
      assertEquals(most, turns(hart, stream));
    }
  }

  private static int turns(HartState hart, int stream) {
    return HostMemory.getInt(hart.address(RegisterFile.turnsLeft(1, stream)));
  }

  /** No address is as high as the limit of the return stack then. */
  @Test
  void whoeverAsksLeavesNoRoomOnTheReturnStack() {
    long limit = 0x7fff_1234_5678L;
    try (HartState hart = new HartState(0)) {
      hart.field(RegisterFile.RETURN_STACK_LIMIT, limit);
      for (int reason = 1; reason <= 2; reason++) {
        hart.poll(reason);
        assertTrue(hart.field(RegisterFile.RETURN_STACK_LIMIT) > 1L << 47);
        assertEquals(reason, hart.takePoll());
        assertEquals(limit, hart.field(RegisterFile.RETURN_STACK_LIMIT));
      }
    }
  }

  @Test
  void keepsFlagsAndRoundingApart() {
    try (HartState hart = new HartState(0)) {
      for (int frm = 0; frm < 8; frm++) {
        for (int flags = 0; flags < 32; flags++) {
          hart.slot(StateSlot.FRM, frm);
          hart.fflags(flags);
          assertEquals(flags, hart.fflags());
          hart.slot(StateSlot.FRM, 7 - frm);
          assertEquals(flags, hart.fflags());
          assertEquals(7 - frm, hart.slot(StateSlot.FRM));
        }
      }
    }
  }

  /** What emitted code translates flags by. */
  @Test
  void holdsTablesOfFlags() {
    try (HartState hart = new HartState(0)) {
      for (int mxcsr = 0; mxcsr < 64; mxcsr++) {
        long entry = hart.field(RegisterFile.FLAGS_FROM_MXCSR + mxcsr) & 0xff;
        assertEquals(Mxcsr.toFflags(mxcsr), entry);
      }
      for (int fflags = 0; fflags < 32; fflags++) {
        long entry = hart.field(RegisterFile.FLAGS_TO_MXCSR + fflags) & 0xff;
        assertEquals(Mxcsr.fromFflags(fflags), entry);
        assertEquals(fflags, Mxcsr.toFflags((int) entry));
      }
    }
  }

  /** Translations for the host's rounding modes are wrong under the others. */
  @Test
  void forgetsJumpTargetsWhenTheyBecomeWrong() {
    for (int from = 0; from < 8; from++) {
      for (int to = 0; to < 8; to++) {
        try (HartState hart = new HartState(0)) {
          hart.slot(StateSlot.FRM, from);
          hart.jumpCache().put(PC, CODE);
          hart.slot(StateSlot.FRM, to);
          boolean kept = entry(hart, JumpCache.PC) == PC;
          assertEquals(from < 4 == to < 4, kept, from + " to " + to);
        }
      }
    }
  }

  /** A table may have been filled in another mode, and not in use when that changed. */
  @Test
  void findsNoTargetsForAnotherRoundingModeInATableTakenUpAgain() {
    for (int from = 0; from < 8; from++) {
      for (int to = 0; to < 8; to++) {
        try (HartState hart = new HartState(0);
            JumpCache one = new JumpCache();
            JumpCache other = new JumpCache()) {
          hart.use(one);
          hart.slot(StateSlot.FRM, from);
          one.put(PC, CODE);
          hart.use(other);
          hart.slot(StateSlot.FRM, to);
          hart.use(one);
          boolean kept = entry(hart, JumpCache.PC) == PC;
          assertEquals(from < 4 == to < 4, kept, from + " to " + to);
        }
      }
    }
  }

  @Test
  void findsAndForgetsJumpTargets() {
    long sameEntry = PC + 2 * (JumpCache.PC_MASK / 2 + 1);
    try (HartState hart = new HartState(0)) {
      hart.jumpCache().put(PC, CODE);
      assertEquals(PC, entry(hart, JumpCache.PC));
      assertEquals(CODE, entry(hart, JumpCache.CODE));
      hart.jumpCache().remove(sameEntry);
      assertEquals(PC, entry(hart, JumpCache.PC));
      hart.jumpCache().remove(PC);
      assertNotEquals(PC, entry(hart, JumpCache.PC));
    }
  }

  @Test
  void keepsTwoJumpTargetsOfOneEntry() {
    long same = PC + 2 * (JumpCache.PC_MASK / 2 + 1);
    long third = same + 2 * (JumpCache.PC_MASK / 2 + 1);
    try (HartState hart = new HartState(0)) {
      JumpCache cache = hart.jumpCache();
      cache.put(PC, CODE);
      cache.put(same, CODE + 64);
      assertEquals(same, entry(hart, JumpCache.PC));
      assertEquals(PC, neighbour(hart, JumpCache.PC));
      assertEquals(CODE, neighbour(hart, JumpCache.CODE));
      cache.put(third, CODE + 128);
      assertEquals(third, entry(hart, JumpCache.PC));
      assertEquals(same, neighbour(hart, JumpCache.PC));
      assertEquals(CODE + 64, neighbour(hart, JumpCache.CODE));
      cache.remove(same);
      assertEquals(third, entry(hart, JumpCache.PC));
      assertNotEquals(same, neighbour(hart, JumpCache.PC));
    }
  }

  @Test
  void hasNoJumpTargetAtFirst() {
    try (HartState hart = new HartState(0)) {
      long table = hart.field(RegisterFile.JUMP_CACHE);
      hart.jumpCache().put(PC, CODE);
      hart.jumpCache().put(0, CODE);
      hart.jumpCache().clear();
      for (int offset = 0; offset < JumpCache.SIZE; offset += 16) {
        assertFalse(isFound(HostMemory.getLong(table + offset + JumpCache.PC), offset));
      }
    }
    try (HartState hart = new HartState(0)) {
      long table = hart.field(RegisterFile.JUMP_CACHE);
      for (int offset = 0; offset < JumpCache.SIZE; offset += 16) {
        assertFalse(isFound(HostMemory.getLong(table + offset + JumpCache.PC), offset));
      }
      hart.jumpCache().put(0, CODE);
      assertEquals(0, HostMemory.getLong(table + JumpCache.PC));
      assertEquals(CODE, HostMemory.getLong(table + JumpCache.CODE));
      hart.jumpCache().remove(0);
      assertFalse(isFound(HostMemory.getLong(table + JumpCache.PC), 0));
    }
  }

  /** Whether whoever jumps to a pc looks for it in an entry; no guest pc is odd. */
  private static boolean isFound(long pc, int offset) {
    long entry = 8 * (pc & JumpCache.PC_MASK);
    long neighbour = 8 * (pc & JumpCache.PC_MASK ^ JumpCache.OTHER_ENTRY);
    return (pc & 1) == 0 && (offset == entry || offset == neighbour);
  }

  private static long entry(HartState hart, int field) {
    return jumpCache(hart, 8 * (PC & JumpCache.PC_MASK) + field);
  }

  private static long neighbour(HartState hart, int field) {
    return jumpCache(hart, 8 * (PC & JumpCache.PC_MASK ^ JumpCache.OTHER_ENTRY) + field);
  }

  private static long jumpCache(HartState hart, long offset) {
    return HostMemory.getLong(hart.field(RegisterFile.JUMP_CACHE) + offset);
  }
}
