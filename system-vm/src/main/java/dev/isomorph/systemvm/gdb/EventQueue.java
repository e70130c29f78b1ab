package dev.isomorph.systemvm.gdb;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a session has yet to see to. A debugger that sends faster than it is served has to wait. */
final class EventQueue {
  private static final int MOST = 64;

  private final Deque<Event> events = new ArrayDeque<>();

  /** Adds an event; there is always room. */
  synchronized void add(Event event) {
    events.add(event);
    notifyAll();
  }

  /** Adds an event when there is room. */
  synchronized void put(Event event) throws InterruptedException {
    while (events.size() >= MOST) {
      wait();
    }
    add(event);
  }

  /** Waits for the next event and takes it. */
  synchronized Event take() throws InterruptedException {
    while (events.isEmpty()) {
      wait();
    }
    Event first = events.remove();
    notifyAll();
    return first;
  }
}
