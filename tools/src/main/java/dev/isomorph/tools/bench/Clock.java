package dev.isomorph.tools.bench;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.tools.Failures;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What time is measured by. */
enum Clock {
  WALL,
  /** User and system time of the processor, of all threads: what a busy machine disturbs less. */
  CPU;

  // From asm/unistd_64.h and bits/resource.h.
  private static final int GETRUSAGE = 98;
  private static final int RUSAGE_CHILDREN = -1;
  private static final int RUSAGE_SIZE = 144;

  /** Reads the name as users write it. */
  static final class Reader implements ITypeConverter<Clock> {
    @Override
    public Clock convert(String name) {
      for (Clock each : values()) {
        if (each.text().equals(name)) {
          return each;
        }
      }
      throw new TypeConversionException("it is wall or cpu, not " + Failures.shown(name));
    }
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Seconds of processor time of all child processes that have ended. */
  static double childrenSeconds() {
    long usage = HostMemory.allocate(RUSAGE_SIZE);
    try {
      HostCalls.check(
          HostCalls.syscall(GETRUSAGE, RUSAGE_CHILDREN, usage, 0, 0, 0, 0), "getrusage");
      // ru_utime and ru_stime, each of seconds and microseconds.
      return HostMemory.getLong(usage)
          + HostMemory.getLong(usage + 8) / 1e6
          + HostMemory.getLong(usage + 16)
          + HostMemory.getLong(usage + 24) / 1e6;
    } finally {
      HostMemory.free(usage, RUSAGE_SIZE);
    }
  }
}
