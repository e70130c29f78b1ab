package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;

/**
 * What the kernel does with a thread's memory when the thread ends: it marks the mutexes the thread
 * still holds and tells who waits for its end (set_robust_list(2), set_tid_address(2)).
 */
final class ThreadEnd {
  private static final int FUTEX_WAKE = 1;

  // struct robust_list_head (linux/futex.h).
  private static final int FUTEX_OFFSET = 8;
  private static final int PENDING = 16;

  /** Entries that are looked at, lest a list that bites its tail keeps the thread alive. */
  private static final int MOST_ENTRIES = 2048;

  // The parts of a robust mutex's word.
  private static final int WAITERS = 0x8000_0000;
  private static final int OWNER_DIED = 0x4000_0000;
  private static final int OWNER = 0x3fff_ffff;

  /** The lowest bit of an entry tells of priority inheritance. */
  private static final long ENTRY = -2;

  private final Guest guest;

  private ThreadEnd(Guest guest) {
    this.guest = guest;
  }

  /** Marks and wakes for a thread that runs no more guest code. */
  static void announce(Guest guest) {
    ThreadEnd end = new ThreadEnd(guest);
    try {
      end.releaseMutexes(guest.robustList);
    } catch (CallFailure unmapped) {
      // The list ends here, as for the kernel.
    }
    end.clearTid();
  }

  private void releaseMutexes(long head) {
    if (head == 0) {
      return;
    }
    long offset = guest.memory.getLong(head + FUTEX_OFFSET);
    long pending = guest.memory.getLong(head + PENDING) & ENTRY;
    long entry = guest.memory.getLong(head) & ENTRY;
    for (int i = 0; i < MOST_ENTRIES && entry != head; i++) {
      long next = guest.memory.getLong(entry) & ENTRY;
      if (entry != pending) {
        release(entry + offset, false);
      }
      entry = next;
    }
    if (pending != 0) {
      release(pending + offset, true);
    }
  }

  /**
   * Releases a mutex if the thread holds it.
   *
   * @param underWay whether the thread was just locking or unlocking it
   */
  private void release(long word, boolean underWay) {
    long host = guest.memory.writable(word, Integer.BYTES);
    while (true) {
      int value = HostMemory.getIntVolatile(host);
      if (underWay && (value & OWNER) == 0) {
        wake(host); // It was released, and nobody was woken yet.
        return;
      }
      if ((value & OWNER) != guest.tid) {
        return;
      }
      if (HostMemory.compareAndSetInt(host, value, value & WAITERS | OWNER_DIED)) {
        if ((value & WAITERS) != 0) {
          wake(host);
        }
        return;
      }
    }
  }

  private void clearTid() {
    long word = guest.clearChildTid;
    if (word != 0 && guest.space.writable(word, Integer.BYTES)) {
      long host = guest.space.hostAddress(word);
      HostMemory.putIntVolatile(host, 0);
      wake(host);
    }
  }

  private void wake(long host) {
    guest.kernel.call(Syscall.FUTEX, host, FUTEX_WAKE, 1, 0);
  }
}
