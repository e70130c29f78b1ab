package dev.isomorph.systemvm.hart;

import static dev.isomorph.systemvm.hart.TestHart.RAM_BASE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageWalkerTest {
  private static final long SV39 = 8L << 60;
  private static final int LEAF = 0b1100_1111; // D, A, X, W, R, V
  private static final int U = 1 << 4;

  private final TestHart hart = new TestHart();
  private final Translation result = new Translation();

  @AfterEach
  void close() {
    hart.close();
  }

  /** Tables at the first pages of RAM translate [0, 2 MB), whose entries are in the third. */
  private void useTables() {
    hart.openMemory().with(Csr.SATP, SV39 | RAM_BASE >>> 12).in(Privilege.SUPERVISOR);
    hart.ram.putLong(RAM_BASE, (RAM_BASE + 0x1000) >>> 2 | 1);
    hart.ram.putLong(RAM_BASE + 0x1000, (RAM_BASE + 0x2000) >>> 2 | 1);
  }

  private void map(int page, long physical, long flags) {
    hart.ram.putLong(RAM_BASE + 0x2000 + page * 8L, physical >>> 2 | flags);
  }

  private TrapCause translate(long address, AccessKind kind) {
    return hart.walker.translate(address, 1, kind, result);
  }

  @Test
  void withoutPagingAddressesAreThemselves() {
    assertNull(hart.walker.translate(0xdead_beef_f00dL, 8, AccessKind.STORE, result));
    assertEquals(0xdead_beef_f00dL, result.physical());
    assertEquals(0xdead_beef_f000L, result.physicalPage());
    assertEquals(Permissions.ALL, result.permissions());
    assertTrue(result.isWholePage());
  }

  @Test
  void protectionAppliesWithoutPaging() {
    hart.in(Privilege.SUPERVISOR);
    assertEquals(TrapCause.LOAD_ACCESS_FAULT, translate(RAM_BASE, AccessKind.LOAD));
    assertEquals(TrapCause.FETCH_ACCESS_FAULT, translate(RAM_BASE, AccessKind.FETCH));
  }

  @Test
  void translatesByThreeLevels() {
    useTables();
    map(7, 0x1234_5000, LEAF);
    assertNull(translate(0x7abc, AccessKind.STORE));
    assertEquals(0x1234_5abc, result.physical());
    assertEquals(4096, result.pageSize());
    assertFalse(result.isUser());
    assertFalse(result.isGlobal());
    assertEquals(TrapCause.LOAD_PAGE_FAULT, translate(0x8000, AccessKind.LOAD));
    assertEquals(TrapCause.FETCH_PAGE_FAULT, translate(1L << 38, AccessKind.FETCH));
  }

  @Test
  void aCleanPageIsNotToBeWrittenWithoutAnotherWalk() {
    useTables();
    hart.with(Csr.MENVCFG, 0);
    map(0, 0x1000, LEAF & ~(1 << 7));
    assertNull(translate(0, AccessKind.LOAD));
    assertEquals(Permissions.READ | Permissions.EXECUTE, result.permissions());
    assertEquals(TrapCause.STORE_PAGE_FAULT, translate(0, AccessKind.STORE));
    hart.with(Csr.MENVCFG, Environment.ADUE);
    assertNull(translate(0, AccessKind.STORE));
    assertEquals(Permissions.ALL, result.permissions());
    assertEquals(0x1000 >>> 2 | LEAF, hart.ram.getLong(RAM_BASE + 0x2000));
  }

  @Test
  void machineModeAccessesMemoryAsTheModeBefore() {
    useTables();
    map(0, 0x1000, LEAF | U);
    hart.in(Privilege.MACHINE).with(Csr.MSTATUS, Status.MPRV);
    assertNull(translate(0x10, AccessKind.LOAD), "as user mode");
    assertEquals(0x1010, result.physical());
    assertTrue(result.isUser());
    assertNull(translate(0x10, AccessKind.FETCH));
    assertEquals(0x10, result.physical(), "fetches are not concerned");
    long supervisor = Status.MPRV | 1L << Status.MPP_SHIFT;
    hart.with(Csr.MSTATUS, supervisor);
    assertEquals(TrapCause.LOAD_PAGE_FAULT, translate(0x10, AccessKind.LOAD));
    hart.with(Csr.MSTATUS, supervisor | Status.SUM);
    assertNull(translate(0x10, AccessKind.LOAD));
  }

  @Test
  void tellsWhetherProtectionDividesThePage() {
    useTables();
    map(0, RAM_BASE + 0x3000, LEAF);
    hart.with(Csr.PMPADDR.number() + 1, -1)
        .with(Csr.PMPCFG, 0x1f11)
        .with(Csr.PMPADDR, RAM_BASE + 0x3000 + 8 >>> 2);
    assertEquals(TrapCause.STORE_ACCESS_FAULT, translate(8, AccessKind.STORE));
    hart.with(Csr.PMPADDR.number() + 1, -1).with(Csr.PMPCFG, 0x1f19);
    hart.with(Csr.PMPADDR, RAM_BASE + 0x3000 >>> 2);
    assertNull(translate(8, AccessKind.STORE));
    assertFalse(result.isWholePage());
    assertEquals(Permissions.ALL, result.permissions());
    assertNull(translate(0, AccessKind.LOAD));
    assertEquals(Permissions.READ, result.permissions());
    assertEquals(TrapCause.STORE_ACCESS_FAULT, translate(0, AccessKind.STORE));
  }

  @Test
  void tablesOutsideRamAreAccessFaults() {
    useTables();
    hart.with(Csr.SATP, SV39 | 0x1000_0000L >>> 12);
    assertEquals(TrapCause.STORE_ACCESS_FAULT, translate(0, AccessKind.STORE));
  }

  /** Another hart counts in the entry's page number while this one sets its A bit. */
  @Test
  void settingBitsLosesNoOthersChange() throws InterruptedException {
    useTables();
    hart.with(Csr.MENVCFG, Environment.ADUE);
    long place = RAM_BASE + 0x2000;
    map(0, 0, LEAF);
    int rounds = 50_000;
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < rounds; i++) {
                change(place, 1L << 10, 0);
              }
            });
    other.start();
    for (int i = 0; i < rounds; i++) {
      change(place, 0, 1 << 6);
      assertNull(translate(0, AccessKind.LOAD));
    }
    other.join();
    assertEquals((long) rounds << 10 | LEAF, hart.ram.getLong(place));
  }

  private void change(long place, long add, long clear) {
    long old;
    do {
      old = hart.ram.getLong(place);
    } while (!hart.ram.compareAndSetLong(place, old, (old & ~clear) + add));
  }

  /** Random tables in all of RAM, many of which point to each other, walked through by chance. */
  @Property(tries = 1000)
  void agreesWithTheManualsSteps(@ForAll long seed) {
    Random random = new Random(seed);
    try (TestHart other = new TestHart()) {
      ReferenceWalker reference = new ReferenceWalker();
      reference.ram = other.ram;
      reference.sum = random.nextBoolean();
      reference.mxr = random.nextBoolean();
      reference.pbmte = random.nextBoolean();
      reference.adue = random.nextBoolean();
      hart.with(Csr.SATP, 0);
      hart.with(Csr.MSTATUS, (reference.sum ? Status.SUM : 0) | (reference.mxr ? Status.MXR : 0));
      hart.with(
          Csr.MENVCFG,
          (reference.pbmte ? Environment.PBMTE : 0) | (reference.adue ? Environment.ADUE : 0));
      protect(random, reference);
      int tables = 3;
      for (int i = 0; i < tables * 512; i++) {
        long pte = entry(random, tables);
        hart.ram.putLong(RAM_BASE + i * 8L, pte);
        other.ram.putLong(RAM_BASE + i * 8L, pte);
      }
      int levels = 3 + random.nextInt(3);
      long root = (RAM_BASE >>> 12) + random.nextInt(tables);
      hart.with(Csr.SATP, (levels + 5L) << 60 | root);
      for (int i = 0; i < 60; i++) {
        long va = random.nextLong() << 64 - 12 - 9 * levels >> 64 - 12 - 9 * levels;
        if (random.nextInt(20) == 0) {
          va ^= 1L << 39 + random.nextInt(25);
        }
        AccessKind kind = AccessKind.values()[random.nextInt(3)];
        Privilege privilege = random.nextBoolean() ? Privilege.USER : Privilege.SUPERVISOR;
        compare(reference, levels, root, va, kind, privilege);
      }
      for (int i = 0; i < tables * 512; i++) {
        assertEquals(other.ram.getLong(RAM_BASE + i * 8L), hart.ram.getLong(RAM_BASE + i * 8L));
      }
    }
  }

  private void compare(
      ReferenceWalker reference,
      int levels,
      long root,
      long va,
      AccessKind kind,
      Privilege privilege) {
    TrapCause expected = reference.translate(levels, root, va, kind, privilege);
    if (expected == null && !reference.pmp.succeeds(reference.physical, 1, privilege, kind)) {
      expected = kind.accessFault();
    }
    String what = Long.toHexString(va) + " " + kind + " " + privilege;
    assertEquals(expected, hart.walker.translate(va, 1, kind, privilege, result), what);
    if (expected == null) {
      assertEquals(reference.physical, result.physical(), what);
      hart.in(Privilege.SUPERVISOR);
      assertEquals(OptionalLong.of(reference.physical), hart.walker.locate(va), what);
      hart.in(Privilege.MACHINE);
      assertEquals(reference.global, result.isGlobal(), what);
      assertEquals(ReferenceWalker.bit(reference.leaf, 4), result.isUser(), what);
      long size = 4096L << 9 * reference.level;
      assertEquals(
          ReferenceWalker.bit(reference.leaf, 63) ? 0x1_0000 : size, result.pageSize(), what);
      boolean adue = reference.adue;
      reference.adue = false; // What would fault is not permitted.
      for (AccessKind each : AccessKind.values()) {
        boolean allowed =
            reference.translate(levels, root, va, each, privilege) == null
                && reference.pmp.succeeds(reference.physical, 1, privilege, each);
        assertEquals(allowed, (result.permissions() & each.permission()) != 0, what + each);
      }
      reference.adue = adue;
    }
  }

  private void protect(Random random, ReferencePmp pmp) {
    for (int i = 0; i < 3; i++) {
      int mode = 0x18 | (random.nextInt(6) == 0 ? random.nextInt(8) : 7);
      mode = (mode & 3) == 2 ? mode ^ 2 : mode;
      long address = i == 2 ? -1 >>> 10 : RAM_BASE + random.nextInt(0x4000) >>> 2;
      pmp.mode[i] = mode;
      pmp.address[i] = i == 2 ? (1L << 54) - 1 : address | (1L << random.nextInt(9)) - 1;
      hart.state.pmp().restore(i, pmp.mode[i], pmp.address[i]);
    }
  }

  private void protect(Random random, ReferenceWalker reference) {
    protect(random, reference.pmp);
  }

  /** A pointer to one of the tables or a leaf; now and then with some bit that is wrong. */
  private static long entry(Random random, int tables) {
    long table = (RAM_BASE >>> 12) + random.nextInt(tables);
    long pte = 1 | (random.nextInt(4) == 0 ? 1 << 5 : 0);
    if (random.nextInt(20) < 13) {
      pte |= table << 10;
    } else {
      long ppn = (random.nextBoolean() ? table : random.nextLong() >>> 20);
      pte |= random.nextInt(8) << 1 | random.nextInt(2) << 4;
      pte |= random.nextInt(4) == 0 ? random.nextInt(4) << 6 : 0b1100_0000;
      pte |= (ppn & -1L << 9 * random.nextInt(5)) << 10;
      if (random.nextInt(5) == 0) {
        pte |= Long.MIN_VALUE | 8 << 10;
      }
      pte |= random.nextInt(4) == 0 ? random.nextLong(4) << 61 : 0;
    }
    return random.nextInt(12) == 0 ? pte ^ 1L << random.nextInt(64) : pte;
  }
}
