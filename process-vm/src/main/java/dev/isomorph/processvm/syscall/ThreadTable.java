package dev.isomorph.processvm.syscall;

import java.util.ArrayList;

/** The threads of a guest process that have not ended. */
final class ThreadTable {
  private final ArrayList<Guest> threads = new ArrayList<>(1);

  synchronized void add(Guest thread) {
    threads.add(thread);
  }

  /** Removes a thread; returns whether it was the last. */
  synchronized boolean remove(Guest thread) {
    threads.remove(thread);
    return threads.isEmpty();
  }

  /** Returns the thread with an id, null if the process has none. */
  synchronized Guest byId(int tid) {
    for (int i = 0; i < threads.size(); i++) {
      if (threads.get(i).tid == tid) {
        return threads.get(i);
      }
    }
    return null;
  }
}
