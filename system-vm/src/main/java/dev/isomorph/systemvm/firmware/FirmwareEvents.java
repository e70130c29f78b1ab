package dev.isomorph.systemvm.firmware;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often each hart has had something done by firmware. */
final class FirmwareEvents {
  /** What is counted; the numbers are the SBI's, the others' events do not happen here. */
  enum Event {
    SET_TIMER(5),
    IPI_SENT(6),
    IPI_RECEIVED(7),
    FENCE_I_SENT(8),
    FENCE_I_RECEIVED(9),
    SFENCE_VMA_SENT(10),
    SFENCE_VMA_RECEIVED(11),
    SFENCE_VMA_ASID_SENT(12),
    SFENCE_VMA_ASID_RECEIVED(13);

    private final int code;

    Event(int code) {
      this.code = code;
    }

    /** The event of that code; null if it is not one of these. */
    static Event of(long code) {
      for (Event each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      return null;
    }
  }

  private static final int EVENTS = Event.values().length;

  private final AtomicLongArray counts;

  FirmwareEvents(int harts) {
    counts = new AtomicLongArray(harts * EVENTS);
  }

  /** It has happened once more. */
  void count(int hart, Event event) {
    counts.getAndIncrement(hart * EVENTS + event.ordinal());
  }

  /** It has happened once more on each of a set of harts. */
  void countAll(long harts, Event event) {
    for (long rest = harts; rest != 0; rest &= rest - 1) {
      count(Long.numberOfTrailingZeros(rest), event);
    }
  }

  void save(DataOutput out) throws IOException {
    for (int i = 0; i < counts.length(); i++) {
      out.writeLong(counts.get(i));
    }
  }

  void restore(DataInput in) throws IOException {
    for (int i = 0; i < counts.length(); i++) {
      counts.set(i, in.readLong());
    }
  }

  /** How often it has happened. */
  long counted(int hart, Event event) {
    return counts.get(hart * EVENTS + event.ordinal());
  }
}
