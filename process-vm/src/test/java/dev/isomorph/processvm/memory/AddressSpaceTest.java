package dev.isomorph.processvm.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
  private static final long PAGE = AddressSpace.PAGE;
  private static final long MAX = Long.MAX_VALUE;
  private static final int RW = Mman.PROT_READ | Mman.PROT_WRITE;
  private static final int RX = Mman.PROT_READ | Mman.PROT_EXEC;
  private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
  private static final int FIXED = ANONYMOUS | Mman.MAP_FIXED;
  private static final long AT = 0x100000;

  private final List<String> changes = new ArrayList<>();
  private final AddressSpace space =
      new AddressSpace(
          8L << 20,
          (start, end) -> changes.add(Long.toHexString(start) + "-" + Long.toHexString(end)));

  /** What the files of these tests hold at the beginning of the page at {@code offset}. */
  static long fileContent(long offset) {
    return 0xf11e_0000_0000L + offset;
  }

  @AfterEach
  void release() {
    space.release();
  }

  private long map(long address, long length, int protection, int flags) {
    return space.mmap(address, length, protection, flags, -1, 0, null);
  }

  private String maps() {
    StringBuilder text = new StringBuilder();
    for (Vma area : space.areas()) {
      text.append(Long.toHexString(area.start())).append('-').append(Long.toHexString(area.end()));
      text.append(':').append(area.protection()).append(' ');
    }
    return text.toString().trim();
  }

  @Test
  void mappingsStackUpDownwards() {
    assertEquals(space.size() - (128L << 20), space.mmapBase());
    long first = map(0, 1, RW, ANONYMOUS);
    assertEquals(space.mmapBase() - PAGE, first);
    assertEquals(first - 2 * PAGE, map(0, PAGE + 1, RW, ANONYMOUS));
    assertEquals(1, space.areas().length);
  }

  @Test
  void aFreeHintIsTaken() {
    assertEquals(AT, map(AT + 5, PAGE, RW, ANONYMOUS));
    assertTrue(map(AT, PAGE, RW, ANONYMOUS) > AT);
    assertEquals(AddressSpace.LOWEST_ADDRESS, map(PAGE, PAGE, RW, ANONYMOUS));
    assertTrue(map(-PAGE, PAGE, RW, ANONYMOUS) > 0);
    assertTrue(map(space.size(), PAGE, RW, ANONYMOUS) > 0);
  }

  @Test
  void fixedMappingsReplace() {
    assertEquals(AT, map(AT, 4 * PAGE, RW, FIXED));
    HostMemory.putLong(space.hostAddress(AT + PAGE), 42);
    assertEquals(AT + PAGE, map(AT + PAGE, PAGE, Mman.PROT_READ, FIXED));
    assertEquals(0, HostMemory.getLong(space.hostAddress(AT + PAGE)));
    assertEquals("100000-101000:3 101000-102000:1 102000-104000:3", maps());
    int keep = ANONYMOUS | Mman.MAP_FIXED_NOREPLACE;
    assertEquals(-Errno.EEXIST, map(AT + 3 * PAGE, 2 * PAGE, RW, keep));
    assertEquals(AT + 4 * PAGE, map(AT + 4 * PAGE, 2 * PAGE, RW, keep));
  }

  @Test
  void mmapRefusesAsLinuxDoes() {
    assertEquals(-Errno.EINVAL, map(0, 0, RW, ANONYMOUS));
    assertEquals(-Errno.EINVAL, map(0, PAGE, RW, Mman.MAP_ANONYMOUS));
    assertEquals(-Errno.EINVAL, map(AT + 1, PAGE, RW, FIXED));
    assertEquals(-Errno.EINVAL, space.mmap(0, PAGE, RW, ANONYMOUS, -1, 1, null));
    assertEquals(-Errno.ENOMEM, map(0, -1, RW, ANONYMOUS));
    assertEquals(-Errno.ENOMEM, map(0, space.size() + 1, RW, ANONYMOUS));
    assertEquals(-Errno.ENOMEM, map(0, MAX, RW, ANONYMOUS));
    assertEquals(-Errno.ENOMEM, map(space.size() - PAGE, 2 * PAGE, RW, FIXED));
    assertEquals(-Errno.ENOMEM, map(-PAGE, PAGE, RW, FIXED));
    assertEquals(-Errno.EPERM, map(0, PAGE, RW, FIXED));
    assertEquals(-Errno.EBADF, space.mmap(0, PAGE, RW, Mman.MAP_PRIVATE, 999_999, 0, null));
    assertEquals(-Errno.ENOMEM, map(0, PAGE, RW, ANONYMOUS | Mman.MAP_HUGETLB));
    assertEquals(0, space.areas().length);
  }

  @Test
  void munmapRefusesAsLinuxDoes() {
    assertEquals(-Errno.EINVAL, space.munmap(AT + 1, PAGE));
    assertEquals(-Errno.EINVAL, space.munmap(AT, 0));
    assertEquals(-Errno.EINVAL, space.munmap(AT, MAX));
    assertEquals(-Errno.EINVAL, space.munmap(-PAGE, PAGE));
    assertEquals(0, space.munmap(AT, PAGE));
  }

  @Test
  void mprotectRefusesAsLinuxDoes() {
    map(AT, 2 * PAGE, RW, FIXED);
    assertEquals(-Errno.EINVAL, space.mprotect(AT + 1, PAGE, RW));
    assertEquals(-Errno.EINVAL, space.mprotect(AT, PAGE, 16));
    assertEquals(-Errno.ENOMEM, space.mprotect(AT, -1, RW));
    assertEquals(0, space.mprotect(AT, 0, RW));
    assertEquals(-Errno.EINVAL, space.mprotect(AT, PAGE, RW | Mman.PROT_GROWSDOWN));
    assertEquals(-Errno.ENOMEM, space.mprotect(AT, 3 * PAGE, Mman.PROT_READ));
    assertEquals("100000-102000:1", maps());
  }

  @Test
  void protectionSplitsAndMerges() {
    map(AT, 5 * PAGE, RW, FIXED);
    space.mprotect(AT + PAGE, PAGE, Mman.PROT_NONE);
    space.mprotect(AT + 3 * PAGE, PAGE, Mman.PROT_NONE);
    assertEquals(5, space.areas().length);
    space.mprotect(AT + 2 * PAGE, PAGE, Mman.PROT_NONE);
    assertEquals("100000-101000:3 101000-104000:0 104000-105000:3", maps());
    space.mprotect(AT, 5 * PAGE, RW);
    assertEquals("100000-105000:3", maps());
  }

  @Test
  void queriesSeeGapsAndRights() {
    map(AT, 2 * PAGE, RW, FIXED);
    map(AT + 2 * PAGE, PAGE, RX, FIXED);
    map(AT + 4 * PAGE, PAGE, Mman.PROT_EXEC, FIXED);
    assertTrue(space.writable(AT, 2 * PAGE));
    assertFalse(space.writable(AT, 2 * PAGE + 1));
    assertTrue(space.readable(AT + 1, 3 * PAGE - 1));
    assertFalse(space.readable(AT, 3 * PAGE + 1));
    assertFalse(space.readable(AT + 4 * PAGE, 1));
    assertFalse(space.readable(-1, 1));
    assertFalse(space.readable(AT, -1));
    assertEquals(10, space.fetchable(AT + 2 * PAGE, 10));
    assertEquals(6, space.fetchable(AT + 3 * PAGE - 6, 64));
    assertEquals(0, space.fetchable(AT, 4));
    assertEquals(0, space.fetchable(-2, 4));
    assertEquals(0, space.fetchable(MAX, 4));
    assertTrue(space.inWindow(space.size(), 0));
    assertFalse(space.inWindow(space.size() - 1, 2));
    assertFalse(space.inWindow(1, MAX));
  }

  @Test
  void changesOfCodeAreAnnounced() {
    map(AT, 4 * PAGE, RX, FIXED);
    map(AT + 8 * PAGE, 4 * PAGE, RW, FIXED);
    assertEquals(List.of(), changes);
    space.munmap(AT, PAGE);
    assertEquals(List.of("100000-101000"), changes);
    space.mprotect(AT + PAGE, PAGE, RW);
    space.mprotect(AT + PAGE, PAGE, RX);
    map(AT + 3 * PAGE, 6 * PAGE, RW, FIXED);
    assertEquals(
        List.of("100000-101000", "101000-102000", "101000-102000", "103000-104000"), changes);
    changes.clear();
    long moved = space.mremap(AT + PAGE, 2 * PAGE, 3 * PAGE, Mman.MREMAP_MAYMOVE, 0);
    assertTrue(moved > 0);
    assertEquals(List.of("101000-103000"), changes.subList(0, 1));
    changes.clear();
    space.munmap(AT + 4 * PAGE, 8 * PAGE);
    assertEquals(List.of(), changes);
  }

  @Test
  void theHeapGrowsAndShrinks() {
    space.startHeap(AT - 8);
    assertEquals(AT, space.brk(0));
    assertEquals(AT + 100, space.brk(AT + 100));
    assertEquals("100000-101000:3", maps());
    assertEquals("[heap]", space.nameOf(space.area(AT)));
    assertEquals(AT + 5 * PAGE, space.brk(AT + 5 * PAGE));
    assertEquals(AT + PAGE + 1, space.brk(AT + PAGE + 1));
    assertEquals("100000-102000:3", maps());
    map(AT + 4 * PAGE, PAGE, RW, FIXED);
    assertEquals(AT + PAGE + 1, space.brk(AT + 4 * PAGE));
    assertEquals(AT + 3 * PAGE, space.brk(AT + 3 * PAGE));
    assertEquals(AT + 3 * PAGE, space.brk(AT - 1));
    assertEquals(AT + 3 * PAGE, space.brk(-1));
    assertEquals(AT + 3 * PAGE, space.brk(space.size() + PAGE));
    assertEquals(AT, space.brk(AT));
    assertNull(space.area(AT));
  }

  @Test
  void theStackHasItsPlaceAndItsGuard() {
    assertEquals(space.size(), space.mapStack(false));
    space.startStack(space.size() - 160);
    Vma stack = space.area(space.size() - 1);
    assertEquals(8L << 20, stack.end() - stack.start());
    assertEquals("[stack]", space.nameOf(stack));
    assertTrue(map(stack.start() - PAGE, PAGE, RW, ANONYMOUS) < space.mmapBase());
    long justBelow = stack.start() - 257 * PAGE;
    assertEquals(justBelow, map(justBelow, PAGE, RW, ANONYMOUS));
    assertEquals(0, space.mprotect(stack.end() - PAGE, PAGE, 7 | Mman.PROT_GROWSDOWN));
    assertEquals(7, space.area(stack.start()).protection());
  }

  @Test
  void aHugeStackLimitLeavesRoom() {
    AddressSpace other = new AddressSpace(1L << 32, -1, (start, end) -> {});
    assertEquals(1L << 29, other.stackSize());
    assertEquals(other.size(), other.mapStack(true));
    assertTrue(other.mmap(0, PAGE, RW, ANONYMOUS, -1, 0, null) > 0);
    other.release();
  }

  @Test
  void aFullSpaceFallsBackAboveTheBase() {
    map(
        AddressSpace.LOWEST_ADDRESS,
        space.mmapBase() - AddressSpace.LOWEST_ADDRESS,
        0,
        FIXED | Mman.MAP_NORESERVE);
    assertEquals(space.mmapBase(), map(0, PAGE, RW, ANONYMOUS));
    assertEquals(-Errno.ENOMEM, map(0, 129L << 20, RW, ANONYMOUS));
  }

  @Test
  void mremapRefusesAsLinuxDoes() {
    map(AT, 4 * PAGE, RW, FIXED);
    int move = Mman.MREMAP_MAYMOVE;
    int fixed = move | Mman.MREMAP_FIXED;
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, PAGE, 8, 0));
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, PAGE, Mman.MREMAP_FIXED, AT));
    assertEquals(-Errno.EINVAL, space.mremap(AT + 1, PAGE, PAGE, move, 0));
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, 0, move, 0));
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, -1, move, 0));
    assertEquals(-Errno.EINVAL, space.mremap(AT, 0, PAGE, move, 0));
    assertEquals(-Errno.EFAULT, space.mremap(AT + 4 * PAGE, PAGE, 2 * PAGE, move, 0));
    assertEquals(-Errno.EFAULT, space.mremap(AT, 5 * PAGE, 6 * PAGE, move, 0));
    assertEquals(-Errno.EINVAL, space.mremap(AT, 4 * PAGE, 4 * PAGE, fixed, AT + PAGE));
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, PAGE, fixed, AT + PAGE + 1));
    assertEquals(-Errno.EINVAL, space.mremap(AT, PAGE, PAGE, fixed, space.size()));
    assertEquals(-Errno.ENOMEM, space.mremap(AT, PAGE, 2 * PAGE, 0, 0));
    assertEquals(-Errno.ENOMEM, space.mremap(AT, PAGE, MAX & -PAGE, move, 0));
    assertEquals("100000-104000:3", maps());
  }

  @Test
  void mremapKeepsWhatWasThere() {
    map(AT, 2 * PAGE, RW, FIXED);
    HostMemory.putLong(space.hostAddress(AT + PAGE), 7);
    assertEquals(AT, space.mremap(AT, 2 * PAGE, 4 * PAGE, 0, 0));
    assertEquals("100000-104000:3", maps());
    long to = AT + 16 * PAGE;
    int fixed = Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED;
    assertEquals(to, space.mremap(AT, 4 * PAGE, 6 * PAGE, fixed, to));
    assertEquals(7, HostMemory.getLong(space.hostAddress(to + PAGE)));
    HostMemory.putLong(space.hostAddress(to + 5 * PAGE), 8);
    assertEquals(AT, space.mremap(to, 6 * PAGE, 2 * PAGE, fixed, AT));
    assertEquals("100000-102000:3", maps());
    assertEquals(7, HostMemory.getLong(space.hostAddress(AT + PAGE)));
    int stay = Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP;
    long moved = space.mremap(AT, 2 * PAGE, 2 * PAGE, stay, 0);
    assertEquals(7, HostMemory.getLong(space.hostAddress(moved + PAGE)));
    assertEquals(0, HostMemory.getLong(space.hostAddress(AT + PAGE)));
  }

  @Test
  void sharedMemoryCanBeSeenTwice() {
    int shared = Mman.MAP_SHARED | Mman.MAP_ANONYMOUS;
    long first = map(0, 2 * PAGE, RW, shared);
    long second = space.mremap(first, 0, 2 * PAGE, Mman.MREMAP_MAYMOVE, 0);
    assertTrue(second > 0 && second != first);
    HostMemory.putLong(space.hostAddress(first + PAGE), 99);
    assertEquals(99, HostMemory.getLong(space.hostAddress(second + PAGE)));
    assertEquals("/dev/zero (deleted)", space.nameOf(space.area(first)));
  }

  @Test
  void codeThatIsThrownAwayHasChanged() {
    map(AT, 2 * PAGE, RW | Mman.PROT_EXEC, FIXED);
    map(AT + 2 * PAGE, PAGE, RW, FIXED);
    changes.clear();
    assertEquals(0, space.madvise(AT + PAGE, 2 * PAGE, Mman.MADV_NORMAL));
    assertEquals(List.of(), changes);
    assertEquals(0, space.madvise(AT + PAGE, 2 * PAGE, Mman.MADV_DONTNEED));
    assertEquals(List.of("101000-102000"), changes);
  }

  @Test
  void rangeCallsKnowOfGaps() {
    map(AT, PAGE, RW, FIXED);
    map(AT + 2 * PAGE, PAGE, RW, FIXED);
    HostMemory.putLong(space.hostAddress(AT), 1);
    HostMemory.putLong(space.hostAddress(AT + 2 * PAGE), 1);
    assertEquals(-Errno.ENOMEM, space.madvise(AT, 3 * PAGE, Mman.MADV_DONTNEED));
    assertEquals(0, HostMemory.getLong(space.hostAddress(AT)));
    assertEquals(0, HostMemory.getLong(space.hostAddress(AT + 2 * PAGE)));
    assertEquals(0, space.madvise(AT, PAGE, Mman.MADV_NORMAL));
    assertEquals(-Errno.EINVAL, space.madvise(AT, PAGE, 77));
    assertEquals(-Errno.EINVAL, space.madvise(AT + 1, PAGE, Mman.MADV_NORMAL));
    assertEquals(-Errno.EINVAL, space.madvise(AT, -1, Mman.MADV_NORMAL));
    assertEquals(-Errno.ENOMEM, space.madvise(AT, MAX, Mman.MADV_NORMAL));
    assertEquals(-Errno.EPERM, space.madvise(AT, PAGE, Mman.MADV_HWPOISON));

    assertEquals(0, space.msync(AT, PAGE, Mman.MS_SYNC));
    assertEquals(-Errno.ENOMEM, space.msync(AT, 3 * PAGE, Mman.MS_SYNC));
    assertEquals(-Errno.EINVAL, space.msync(AT, PAGE, Mman.MS_SYNC | Mman.MS_ASYNC));

    assertEquals(0, space.mincore(AT, PAGE, AT));
    assertEquals(-Errno.ENOMEM, space.mincore(AT, 3 * PAGE, AT));
    assertEquals(-Errno.EFAULT, space.mincore(AT, PAGE, -1));
    assertEquals(-Errno.EFAULT, space.mincore(AT, PAGE, AT + PAGE));

    assertEquals(0, space.mlock(AT + 5, 9, 0));
    assertEquals(-Errno.ENOMEM, space.mlock(AT, 3 * PAGE, 0));
    assertEquals(-Errno.EINVAL, space.mlock(AT, PAGE, 2));
    assertEquals(0, space.munlock(AT, PAGE));
    assertEquals(-Errno.EINVAL, space.mlockall(0));
    assertEquals(0, space.munlockall());
  }

  @Test
  void theSystemsOwnPageIsCode() {
    byte[] code = {1, 2, 3, 4};
    long page = space.mapSystemPage(code, "[vdso]");
    assertEquals(RX, space.area(page).protection());
    assertEquals("[vdso]", space.nameOf(space.area(page)));
    assertEquals(0x04030201, HostMemory.getInt(space.hostAddress(page)));
    assertEquals(-Errno.EFAULT, space.mremap(page, PAGE, 2 * PAGE, Mman.MREMAP_MAYMOVE, 0));
  }

  @Test
  void aCopyHasTheSameContentAndSharesWhatIsShared() {
    long own = map(0, 64 * PAGE, RW, ANONYMOUS);
    long shared = map(0, PAGE, RW, Mman.MAP_SHARED | Mman.MAP_ANONYMOUS);
    long hidden = map(0, PAGE, RW, ANONYMOUS);
    space.startHeap(AT);
    assertEquals(AT + 10, space.brk(AT + 10));
    put(own + 5 * PAGE, 11);
    put(own + 63 * PAGE, 12);
    put(shared, 13);
    put(hidden, 14);
    space.mprotect(hidden, PAGE, Mman.PROT_NONE);
    AddressSpace copy = space.copy((start, end) -> {}, file -> -Errno.ENOENT);
    try {
      assertEquals(List.of(space.areas()), List.of(copy.areas()));
      assertEquals(11, HostMemory.getInt(copy.hostAddress(own + 5 * PAGE)));
      assertEquals(12, HostMemory.getInt(copy.hostAddress(own + 63 * PAGE)));
      assertEquals(0, HostMemory.getInt(copy.hostAddress(own + 7 * PAGE)));
      copy.mprotect(hidden, PAGE, Mman.PROT_READ);
      assertEquals(14, HostMemory.getInt(copy.hostAddress(hidden)));
      HostMemory.putInt(copy.hostAddress(own + 5 * PAGE), 21);
      HostMemory.putInt(copy.hostAddress(shared), 23);
      assertEquals(11, HostMemory.getInt(space.hostAddress(own + 5 * PAGE)));
      assertEquals(23, HostMemory.getInt(space.hostAddress(shared)));
      assertEquals(AT + 20, copy.brk(AT + 20));
      assertEquals(AT + 10, space.brk(0));
      assertFalse(space.readable(hidden, 1));
    } finally {
      copy.release();
    }
  }

  private void put(long address, int value) {
    HostMemory.putInt(space.hostAddress(address), value);
  }
}
