package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PmpTest {
  private static final int TOR = 1 << 3;
  private static final int NA4 = 2 << 3;
  private static final int NAPOT = 3 << 3;
  private static final int LOCKED = 1 << 7;

  private final Pmp pmp = new Pmp();

  private void entry(int index, int mode, long address) {
    pmp.address(index, address >>> 2);
    int shift = index % 8 * 8;
    int register = index / 8 * 2;
    pmp.modes(register, pmp.modes(register) & ~(0xffL << shift) | (long) mode << shift);
  }

  private boolean allows(long address, int length, AccessKind kind) {
    return pmp.allows(address, length, Privilege.SUPERVISOR, kind);
  }

  @Test
  void withoutEntriesOnlyMachineModeAccesses() {
    assertEquals(0, pmp.permissions(0x1000, 8, Privilege.SUPERVISOR));
    assertEquals(0, pmp.permissions(0x1000, 8, Privilege.USER));
    assertEquals(Permissions.ALL, pmp.permissions(0x1000, 8, Privilege.MACHINE));
  }

  @Test
  void anEntryOfAllOnesMatchesEverything() {
    entry(0, NAPOT | Permissions.ALL, -1);
    assertEquals(Permissions.ALL, pmp.permissions(0, 4096, Privilege.USER));
    assertEquals(Permissions.ALL, pmp.permissions((1L << 56) - 4096, 4096, Privilege.USER));
  }

  @Test
  void aRangeEndsBeforeItsTop() {
    entry(3, Permissions.READ, 0x1000);
    entry(4, TOR | Permissions.READ, 0x2000);
    assertTrue(allows(0x1000, 8, AccessKind.LOAD));
    assertTrue(allows(0x1ff8, 8, AccessKind.LOAD));
    assertFalse(allows(0x2000, 4, AccessKind.LOAD));
    assertFalse(allows(0xffc, 4, AccessKind.LOAD));
    assertFalse(allows(0x1000, 8, AccessKind.STORE));
  }

  @Test
  void theFirstEntryThatMatchesAnyByteDecides() {
    entry(0, NA4 | Permissions.READ, 0xc);
    entry(1, NAPOT | Permissions.ALL, 0x1000 - 1 << 1 >> 1 | 0xffc >> 1);
    assertEquals(Pmp.PARTIAL, pmp.permissions(0x8, 8, Privilege.SUPERVISOR));
    assertEquals(Pmp.PARTIAL, pmp.permissions(0x8, 8, Privilege.MACHINE));
    assertEquals(Permissions.READ, pmp.permissions(0xc, 4, Privilege.SUPERVISOR));
  }

  @Test
  void lockedEntriesBindMachineModeAndStay() {
    entry(1, LOCKED | TOR | Permissions.READ, 0x4000);
    entry(1, NAPOT | Permissions.ALL, 0x8000);
    entry(0, 0, 0x1000);
    assertEquals(0, pmp.address(0), "the bottom of a locked range is locked, too");
    assertEquals(0x1000, pmp.address(1));
    assertEquals((LOCKED | TOR | Permissions.READ) << 8, pmp.modes(0));
    assertEquals(Permissions.READ, pmp.permissions(0x3000, 8, Privilege.MACHINE));
  }

  @Test
  void anEntryLockedWhileOffDoesNotLockTheOneBelow() {
    entry(1, LOCKED, 0);
    entry(0, 0, 0x1000);
    assertEquals(0x400, pmp.address(0));
  }

  @Test
  void whatCannotBeWrittenStaysZero() {
    pmp.modes(0, -1);
    assertEquals(0x9f9f_9f9f_9f9f_9f9fL, pmp.modes(0));
    pmp.reset();
    pmp.modes(2, 0x0202_0202_0202_0202L);
    assertEquals(0, pmp.modes(2), "writable but not readable");
    pmp.address(15, -1);
    assertEquals((1L << 54) - 1, pmp.address(15));
    pmp.address(16, -1);
    assertEquals(0, pmp.address(16));
    pmp.modes(4, -1);
    assertEquals(0, pmp.modes(4));
  }

  @Property(tries = 1000)
  void agreesWithLookingAtEachByte(@ForAll long seed) {
    Random random = new Random(seed);
    ReferencePmp reference = new ReferencePmp();
    for (int i = 0; i < Pmp.ENTRIES; i++) {
      // Small addresses, so that entries overlap; sometimes with a long tail of ones.
      long address = random.nextInt(40);
      if (random.nextInt(4) == 0) {
        address |= (1L << random.nextInt(54)) - 1;
      }
      int mode = random.nextInt(3) == 0 ? random.nextInt(256) & 0x9f : 0;
      if ((mode & 3) == 2) {
        mode ^= 1;
      }
      pmp.restore(i, mode, address);
      reference.mode[i] = mode;
      reference.address[i] = address;
    }
    for (int i = 0; i < 50; i++) {
      long at = random.nextInt(200);
      int length = 1 << random.nextInt(5);
      Privilege privilege = Privilege.values()[random.nextInt(3)];
      for (AccessKind kind : AccessKind.values()) {
        assertEquals(
            reference.succeeds(at, length, privilege, kind),
            pmp.allows(at, length, privilege, kind));
      }
    }
  }

  @Property(tries = 2000)
  void aPageIsWholeIfAllItsBytesAreTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 3; i++) {
      long address = random.nextInt(0x1000) & -(1L << random.nextInt(12));
      if (random.nextBoolean()) {
        address |= (1L << random.nextInt(13)) - 1;
      }
      pmp.restore(i, (random.nextInt(4) << 3) | 1 + 2 * random.nextInt(4), address);
    }
    for (long page = 0; page < 0x4000; page += 4096) {
      int whole = pmp.permissions(page, 4096, Privilege.USER);
      for (int i = 0; whole != Pmp.PARTIAL && i < 4096; i += 4) {
        assertEquals(whole, pmp.permissions(page + i, 4, Privilege.USER));
      }
    }
  }
}
