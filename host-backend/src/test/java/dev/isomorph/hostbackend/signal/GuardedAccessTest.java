package dev.isomorph.hostbackend.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedAccessTest {
  private static final int PAGE = 4096;
  private static final long FILLING = 0x8899_aabb_ccdd_eeffL;

  /** A page, and one behind it that tests change. */
  private final long pages = HostMemory.allocate(2 * PAGE);

  private final long second = pages + PAGE;
  private final GuardedAccess access = new GuardedAccess();

  @AfterEach
  void close() {
    access.close();
    HostMemory.free(pages, 2 * PAGE);
  }

  private void protect(int protection) {
    assertEquals(0, HostCalls.syscall(HostLinux.MPROTECT, second, PAGE, protection, 0, 0, 0));
  }

  private static long low(long value, int bytes) {
    return bytes == 8 ? value : value & (1L << 8 * bytes) - 1;
  }

  @Test
  void loadsAndStoresEverySize() {
    for (int bytes = 1; bytes <= 8; bytes *= 2) {
      for (int offset = 0; offset < 8; offset++) {
        HostMemory.putLong(pages, -1);
        HostMemory.putLong(pages + 8, -1);
        assertTrue(access.store(pages + offset, bytes, FILLING));
        assertTrue(access.load(pages + offset, bytes));
        assertEquals(low(FILLING, bytes), access.value());
        HostMemory.fill(pages + offset, bytes, (byte) -1);
        assertEquals(-1, HostMemory.getLong(pages), "nothing beside it");
        assertEquals(-1, HostMemory.getLong(pages + 8), "nothing beside it");
      }
    }
  }

  @Test
  void replacesWhatIsExpectedOnly() {
    for (int bytes = 1; bytes <= 8; bytes *= 2) {
      HostMemory.putLong(pages, FILLING);
      assertTrue(access.compareAndSet(pages, bytes, FILLING + 1, 1));
      assertEquals(0, access.value());
      assertEquals(FILLING, HostMemory.getLong(pages));
      assertTrue(access.compareAndSet(pages, bytes, low(FILLING, bytes), 1));
      assertEquals(1, access.value());
      assertEquals(FILLING - low(FILLING, bytes) + 1, HostMemory.getLong(pages));
    }
  }

  @Test
  void clearsALine() {
    HostMemory.fill(pages, 3 * GuardedAccess.CLEARED, (byte) 1);
    assertTrue(access.clear(pages + GuardedAccess.CLEARED));
    for (int i = 0; i < 3 * GuardedAccess.CLEARED; i++) {
      assertEquals(i / GuardedAccess.CLEARED == 1 ? 0 : 1, HostMemory.getByte(pages + i));
    }
  }

  @Test
  void fetchesALine() {
    for (int i = 0; i < 2 * PAGE; i += 2) {
      HostMemory.putShort(pages + i, (short) (i * 40503));
    }
    for (long line = pages; line < second; line += GuardedAccess.LINE) {
      assertTrue(access.fetch(line));
      for (int i = 0; i < GuardedAccess.LINE; i += 2) {
        assertEquals((line - pages + i) * 40503 & 0xffff, access.fetched(i));
      }
    }
    protect(HostLinux.PROT_NONE);
    assertFalse(access.fetch(second));
    assertTrue(access.fetch(second - GuardedAccess.LINE));
  }

  @Test
  void tellsWhatMayNotBeWritten() {
    HostMemory.putLong(second, FILLING);
    protect(HostLinux.PROT_READ);
    assertTrue(access.load(second, 8));
    assertEquals(FILLING, access.value());
    assertFalse(access.store(second, 1, 0));
    assertFalse(access.store(second - 4, 8, 0), "the first half may be written");
    assertEquals(0, HostMemory.getInt(second - 4));
    assertFalse(access.clear(second));
    assertFalse(access.compareAndSet(second, 8, 0, 0), "even if it is another value");
    assertFalse(access.compareAndSet(second, 8, FILLING, 0));
    assertEquals(FILLING, HostMemory.getLong(second));
  }

  @Test
  void tellsWhatMayNotBeRead() {
    protect(HostLinux.PROT_NONE);
    for (int bytes = 1; bytes <= 8; bytes *= 2) {
      assertFalse(access.load(second, bytes));
      assertEquals(Signals.SIGSEGV, access.faultSignal());
      assertEquals(second, access.faultAddress());
      assertEquals(bytes > 1, !access.load(second - 1, bytes));
    }
    assertFalse(access.load(0, 8));
    assertFalse(access.load(Long.MIN_VALUE, 8), "no address at all");
  }

  @Test
  void tellsOfAFileThatHasEnded() {
    long name = HostMemory.allocate(PAGE);
    long file = HostCalls.syscall(HostLinux.MEMFD_CREATE, name, 0, 0, 0, 0, 0);
    HostCalls.check(HostCalls.syscall(HostLinux.FTRUNCATE, file, PAGE, 0, 0, 0, 0), "growing");
    int flags = HostLinux.MAP_SHARED | HostLinux.MAP_FIXED;
    int protection = HostLinux.PROT_READ | HostLinux.PROT_WRITE;
    HostCalls.check(
        HostCalls.syscall(HostLinux.MMAP, second, PAGE, protection, flags, file, 0), "mapping");
    assertTrue(access.store(second, 8, FILLING));
    HostCalls.syscall(HostLinux.FTRUNCATE, file, 0, 0, 0, 0, 0);
    assertFalse(access.load(second, 8));
    assertEquals(Signals.SIGBUS, access.faultSignal());
    assertFalse(access.store(second - 1, 8, 1));
    assertEquals(second, access.faultAddress(), "where the file ends, not where it begins");
    HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
    HostMemory.free(name, PAGE);
  }
}
