package dev.isomorph.systemvm.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What the machine's real-time clock shows. */
public sealed interface RealTime {
  /** The host's time, and so much more. */
  record Host(Duration ahead) implements RealTime {
    public Host {
      Objects.requireNonNull(ahead);
    }
  }

  /** This time at the start, whatever the host's is. */
  record From(Instant start) implements RealTime {
    public From {
      Objects.requireNonNull(start);
    }
  }
}
