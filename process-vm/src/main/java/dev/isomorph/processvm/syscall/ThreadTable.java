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
    notifyAll();
    return threads.isEmpty();
  }

  /** Whether no other thread is left. */
  synchronized boolean isAlone(Guest thread) {
    return threads.isEmpty() || threads.size() == 1 && threads.get(0) == thread;
  }

  /** Waits until a thread is the only one left. */
  synchronized void awaitAlone(Guest thread) {
    while (!isAlone(thread)) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts threads that run guest code; the condition is tested again.
      }
    }
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
