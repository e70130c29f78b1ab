package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.device.ManualClock;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Hot loops over pages that move, lose rights and go away between one run and the next, by user and
 * supervisor, in two address spaces: the same on a hart with an engine and on the slow one, after
 * each run and each fault.
 */
class PagedLoopsTest {
  private static final long SEED = Long.getLong("isomorph.loops.seed", 0);
  private static final int PROGRAMS = Integer.getInteger("isomorph.loops.programs", 10);

  private static final int PAGE = 4096;
  private static final long RAM_BASE = 0x8000_0000L;
  private static final long RAM_SIZE = 4 << 20;
  private static final long CODE = RAM_BASE + PAGE;
  private static final int CODE_PAGES = 4;
  private static final long DATA = RAM_BASE + (1 << 20);
  private static final int DATA_FRAMES = 24;
  private static final long TABLES = RAM_BASE + (2 << 20);
  private static final int TABLES_SIZE = 64 * PAGE;
  private static final long USER_CODE = 0x6000_0000L;

  private static final int SPACES = 2;
  private static final int LOOPS = 5;
  private static final int RUNS = 24;
  private static final int LONG_RUN = 1200;
  private static final int SHORT_RUN = 40;

  /** Pages of each window. All but the last begin at a multiple of their size. */
  private static final int WINDOW = 16;

  private static final long G = 1 << 5;

  /** Bits of entries: what may be done, mostly all by the user, and whether it has been done. */
  private static final long[] RIGHTS = {
    0xd7, 0xd7, 0xd7, 0xd7, 0xc7, 0xd3, 0xdf, 0xd9, 0x57, 0x17, 0x93, 0x53, 0, 0xd5
  };

  private static final long RIGHTS_OF_STATUS = Status.SUM | Status.MXR;
  private static final int PAGE_SHIFT = Paging.PAGE_SHIFT;
  private static final long SPACES_SHIFT = 44;
  private static final int MODE_SHIFT = 60;

  private final RiscvAssembler vector =
      new RiscvAssembler().emit(Opcode.WFI).emit(Opcode.JAL, 0, 0);

  @Test
  void agreesWithTheSlowHartByRegions() {
    agrees(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS), false);
  }

  /** Users' pages are found by the host's MMU. */
  @Test
  void agreesWithTheSlowHartByAliases() {
    long aliases = agrees(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS), true);
    assertTrue(aliases > 10 * PROGRAMS, aliases + " faults gave pages aliases");
  }

  @Test
  void agreesWithTheSlowHartByBlocks() {
    agrees(EngineOptions.DEFAULT, false);
  }

  /** Returns how often pages have been given aliases. */
  private long agrees(EngineOptions options, boolean shared) {
    long aliases = 0;
    for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
      try (Ram slowRam = new Ram(RAM_BASE, RAM_SIZE);
          Ram fastRam = new Ram(RAM_BASE, RAM_SIZE, shared);
          Pair pair = new Pair(seed, slowRam, fastRam, options)) {
        for (int i = 0; i < RUNS; i++) {
          pair.run();
        }
        aliases += pair.engine.stats().aliases();
      }
    }
    return aliases;
  }

  /** The two harts and what they run. */
  private final class Pair implements AutoCloseable {
    private final String name;
    private final Random random;
    private final Paging paging;
    private final long[] windows;
    private final RandomLoops loops;
    private final SlowHart slow;
    private final Engine engine;
    private final SystemHart fast;
    private final Ram slowRam;
    private final Ram fastRam;
    private final List<List<PageTables>> tables = new ArrayList<>();

    /**
     * What the pointers of the last run were: mostly they are the same, so that pages are known.
     */
    private final long[] pointers = new long[RandomLoops.POINTERS.length];

    private int space;

    Pair(long seed, Ram slowRam, Ram fastRam, EngineOptions options) {
      name = "loops of seed " + seed;
      random = new Random(seed);
      paging = List.of(Paging.SV39, Paging.SV48, Paging.SV57).get(random.nextInt(3));
      long top = 1L << PAGE_SHIFT + Paging.LEVEL_SHIFT * paging.levels() - 1;
      windows =
          new long[] {
            0x1000_0000L,
            0x1000_0000L + WINDOW * PAGE,
            top - WINDOW * PAGE,
            top / 3 * 2 & -WINDOW * PAGE,
            (1L << 38) - WINDOW / 2 * PAGE & top - 1
          };
      loops = new RandomLoops(random, LOOPS);
      this.slowRam = slowRam;
      this.fastRam = fastRam;
      slow = new SlowHart(0, new PhysicalBus(slowRam), new ManualClock());
      RamFrames frames = new RamFrames(fastRam);
      engine = new Engine(frames, options);
      fast =
          new SystemHart(
              0,
              engine,
              new PhysicalBus(fastRam),
              frames,
              new ManualClock(),
              new UntilEnd(RAM_BASE));
      fastRam.onWrite(
          (address, length) -> engine.writtenFrames().note((int) (address - RAM_BASE >>> 12)));
      fast.reset(0);
      for (Ram ram : List.of(slowRam, fastRam)) {
        ram.write(RAM_BASE, vector.bytes(), 0, vector.offset());
        ram.write(CODE, loops.code(), 0, loops.code().length);
        List<PageTables> spaces = new ArrayList<>();
        for (int each = 0; each < SPACES; each++) {
          long start = TABLES + (long) each * TABLES_SIZE;
          PageTables made = new PageTables(ram, paging, start, start + TABLES_SIZE);
          for (int page = 0; page < CODE_PAGES; page++) {
            long entry = PageTables.entry(CODE + (long) page * PAGE);
            made.put(CODE + (long) page * PAGE, entry | 0xcb);
            made.put(USER_CODE + (long) page * PAGE, entry | 0xdb);
          }
          spaces.add(made);
        }
        tables.add(spaces);
      }
      for (long address = DATA; address < DATA + DATA_FRAMES * PAGE; address += Long.BYTES) {
        putData(address, random.nextInt(3) == 0 ? pointer() & -Long.BYTES : random.nextLong());
      }
      for (int each = 0; each < SPACES; each++) {
        for (long window : windows) {
          for (int page = 0; page < WINDOW; page++) {
            putEntry(each, window + (long) page * PAGE, entry(page));
          }
        }
      }
      for (PrivilegedState state : List.of(slow.state, fast.state())) {
        state.writeAsMachine(Csr.MTVEC.number(), RAM_BASE);
        state.writeAsMachine(Csr.PMPADDR.number(), -1);
        state.writeAsMachine(Csr.PMPCFG.number(), 0x1f);
      }
    }

    private void putData(long address, long value) {
      slowRam.putLong(address, value);
      fastRam.putLong(address, value);
    }

    private void putEntry(int space, long address, long entry) {
      tables.forEach(each -> each.get(space).put(address, entry));
    }

    /** Of the n-th page of a window: often one after the other, as kernels have them. */
    private long entry(int n) {
      int index = random.nextInt(3) == 0 ? random.nextInt(DATA_FRAMES) : n;
      long frame = DATA + (long) index * PAGE;
      return PageTables.entry(frame) | RIGHTS[random.nextInt(RIGHTS.length)];
    }

    private long window() {
      return windows[random.nextInt(windows.length)];
    }

    private long pointer() {
      long place = random.nextInt(WINDOW * PAGE);
      return switch (random.nextInt(24)) {
        case 0 -> window() + WINDOW * PAGE - random.nextInt(64);
        case 1 -> window() - random.nextInt(64);
        case 2 -> random.nextLong();
        case 3, 4 -> window() + place;
        default -> window() + (place & -Long.BYTES);
      };
    }

    /** Changes something of the tables and the state, and runs one of the loops. */
    void run() {
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        changePage();
      }
      boolean user = random.nextInt(4) > 0;
      space = random.nextInt(8) == 0 ? 1 - space : space;
      long satp = (long) (paging.levels() + 5) << MODE_SHIFT;
      satp |= space + 1L << SPACES_SHIFT | tables.getFirst().get(space).root() >>> PAGE_SHIFT;
      long environment = random.nextInt(12) == 0 ? 0 : Environment.ADUE;
      long status = random.nextInt(8) == 0 ? random.nextLong() & RIGHTS_OF_STATUS : Status.SUM;
      boolean updatesChange =
          slow.state.readAsMachine(Csr.MENVCFG.number()) != (environment | Environment.PBMTE);
      for (PrivilegedState state : List.of(slow.state, fast.state())) {
        state.writeAsMachine(Csr.SATP.number(), satp);
        state.writeAsMachine(Csr.MENVCFG.number(), environment | Environment.PBMTE);
      }
      if (updatesChange) {
        fence(true, 0, HartListener.ALL_SPACES);
      }
      for (int i = 1; i < 32; i++) {
        put(i, random.nextLong());
      }
      put(5, 1 + random.nextInt(random.nextBoolean() ? LONG_RUN : SHORT_RUN));
      for (int i = 0; i < pointers.length; i++) {
        pointers[i] = random.nextInt(4) == 0 ? pointer() : pointers[i];
        put(RandomLoops.POINTERS[i], pointers[i]);
      }
      put(RandomLoops.MASK, WINDOW * PAGE - 1);
      put(RandomLoops.BASE, windows[random.nextInt(windows.length - 1)]);
      long start = loops.starts().get(random.nextInt(LOOPS));
      start(user, status, (user ? USER_CODE : CODE) + start);
      goOn(user, status, random.nextInt(4) == 0 ? 60 : 2);
    }

    private void changePage() {
      long address = random.nextInt(4) == 0 ? pointer() : pointers[random.nextInt(pointers.length)];
      address &= -PAGE;
      if (!isInWindow(address)) {
        return;
      }
      long entry = entry(random.nextInt(DATA_FRAMES));
      boolean global = random.nextInt(8) == 0;
      for (int each = 0; each < SPACES; each++) {
        if (each == space || global) {
          putEntry(each, address, global ? entry | G : entry);
        }
      }
      long inside = address + random.nextInt(PAGE);
      switch (random.nextInt(global ? 4 : 8)) {
        case 0 -> fence(true, 0, HartListener.ALL_SPACES);
        case 1, 2, 3 -> fence(false, inside, HartListener.ALL_SPACES);
        case 4 -> fence(true, 0, space + 1);
        default -> fence(false, inside, space + 1);
      }
    }

    private boolean isInWindow(long address) {
      return Arrays.stream(windows).anyMatch(w -> address >= w && address < w + WINDOW * PAGE);
    }

    private void fence(boolean all, long address, int asid) {
      fast.fence(all, address, asid);
    }

    private void put(int register, long value) {
      slow.x(register, value);
      fast.registers().x(register, value);
    }

    private void start(boolean user, long status, long pc) {
      Privilege privilege = user ? Privilege.USER : Privilege.SUPERVISOR;
      slow.state.enter(privilege, status);
      fast.state().enter(privilege, status);
      slow.pc(pc);
      fast.registers().pc(pc);
    }

    /** Runs to the end of the loop, going on behind so many accesses that fault. */
    private void goOn(boolean user, long status, int mostFaults) {
      for (int faults = 0; ; faults++) {
        while (slow.pc() != RAM_BASE) {
          slow.step();
        }
        fast.run();
        compare();
        long cause = slow.state.readAsMachine(Csr.MCAUSE.number());
        boolean isCall = cause == TrapCause.CALL_FROM_USER.code();
        isCall |= cause == TrapCause.CALL_FROM_SUPERVISOR.code();
        if (isCall || faults == mostFaults) {
          return;
        }
        start(user, status, slow.state.readAsMachine(Csr.MEPC.number()) + 4);
      }
    }

    private void compare() {
      for (int i = 1; i < 32; i++) {
        assertEquals(
            Long.toHexString(slow.x(i)), Long.toHexString(fast.registers().x(i)), name + " x" + i);
      }
      for (Csr csr : List.of(Csr.MCAUSE, Csr.MEPC, Csr.MTVAL)) {
        assertEquals(
            Long.toHexString(slow.state.readAsMachine(csr.number())),
            Long.toHexString(fast.state().readAsMachine(csr.number())),
            name + " " + csr);
      }
      compareMemory(DATA, DATA_FRAMES * PAGE);
      compareMemory(TABLES, SPACES * TABLES_SIZE);
    }

    private void compareMemory(long start, int size) {
      byte[] expected = new byte[size];
      byte[] found = new byte[size];
      slowRam.read(start, expected, 0, size);
      fastRam.read(start, found, 0, size);
      int different = Arrays.mismatch(expected, found);
      assertTrue(different < 0, name + " at " + Long.toHexString(start + different));
    }

    @Override
    public void close() {
      engine.close();
      fast.close();
    }
  }
}
