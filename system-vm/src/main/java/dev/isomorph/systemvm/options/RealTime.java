package dev.isomorph.systemvm.options;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What the machine's real-time clock shows. */
public sealed interface RealTime {
  /** Nanoseconds since 1970 at the start of a machine that does not see the host's time. */
  default long fixed() {
    Instant start =
        switch (this) {
          case Host(Duration ahead) -> DETERMINISTIC.plus(ahead);
          case From(Instant from) -> from;
        };
    return start.getEpochSecond() * 1_000_000_000L + start.getNano();
  }

  /** When a deterministic machine starts if nothing else is said. */
  Instant DETERMINISTIC = Instant.parse("2026-01-01T00:00:00Z");

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
