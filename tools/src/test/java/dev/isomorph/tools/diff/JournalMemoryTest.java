package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.engine.WindowMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.translator.eval.GuestMemoryFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JournalMemoryTest {
  private static final long AT = 0x20000;

  private final AddressSpace space = new AddressSpace(1L << 30, 1 << 20, (start, end) -> {});
  private final WindowMemory below = new WindowMemory(space);
  private final JournalMemory journal = new JournalMemory(below);

  @BeforeEach
  void map() {
    int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;
    space.mmap(AT, 4096, Mman.PROT_READ | Mman.PROT_WRITE, flags, -1, 0, null);
    below.store(AT, 8, 0x1122334455667788L);
  }

  @AfterEach
  void release() {
    space.release();
  }

  @Test
  void storesAreSeenHereAndNotBelow() {
    journal.store(AT + 2, 2, 0xabcd);
    assertEquals(0x11223344abcd7788L, journal.load(AT, 8));
    assertEquals(0x44ab, journal.load(AT + 3, 2));
    assertEquals(0x1122334455667788L, below.load(AT, 8));
    assertEquals(AT + 2, journal.missing());
  }

  @Test
  void nothingIsMissingOnceMemoryHasIt() {
    journal.store(AT, 4, 1);
    journal.store(AT, 4, 2);
    below.store(AT, 4, 2);
    assertEquals(-1, journal.missing());
    journal.store(AT, 4, 3);
    journal.clear();
    assertEquals(-1, journal.missing());
  }

  @Test
  void aTrialCanBeRepeatedAfterMemoryWasStoredTo() {
    journal.store(AT, 4, 1);
    journal.store(AT, 2, 2);
    below.store(AT, 4, 2);
    journal.rewind();
    assertEquals(0x1122334455667788L, journal.load(AT, 8));
    journal.store(AT + 1, 3, 0);
    assertEquals(AT, journal.missing());
    journal.store(AT, 1, 2);
    assertEquals(-1, journal.missing());
  }

  @Test
  void atomicsAndBlocksGoThroughTheJournal() {
    assertFalse(journal.compareAndSet(AT, 4, 0, 1));
    assertTrue(journal.compareAndSet(AT, 4, 0x55667788L, 1));
    assertEquals(1, journal.load(AT, 4));
    journal.zeroBlock(AT);
    assertEquals(0, journal.load(AT, 8));
    assertEquals(0x1122334455667788L, below.load(AT, 8));
  }

  @Test
  void faultsAreThoseOfMemory() {
    assertThrows(GuestMemoryFault.class, () -> journal.store(AT + 4096, 1, 0));
    assertThrows(GuestMemoryFault.class, () -> journal.load(AT - 1, 1));
    assertThrows(GuestMemoryFault.class, () -> journal.compareAndSet(AT + 4096, 4, 0, 0));
    assertThrows(GuestMemoryFault.class, () -> journal.zeroBlock(AT + 4096));
  }
}
