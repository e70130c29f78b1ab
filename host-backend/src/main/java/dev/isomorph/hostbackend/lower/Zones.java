package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The stretches of the host's address space in which one hart's {@link Aliases} are: reserved, with
 * nothing there but these. They go from the one that was used longest ago to who needs one. For the
 * hart's thread.
 */
public final class Zones implements AutoCloseable {
  /** Zones are of so many bytes, as a power of two: what Sv39 leaves to user mode. */
  static final int SHIFT = 38;

  static final long SIZE = 1L << SHIFT;

  /** Of all harts and machines of the process, together a quarter of the host's addresses. */
  private static final int MOST = 1 << 45 - SHIFT;

  private static final AtomicInteger TAKEN = new AtomicInteger();

  private static final long NOTHING_SIZE = 1 << 20;

  /** A host address around which there never is anything. */
  static final long NOTHING =
      HostCalls.check(map(0, NOTHING_SIZE, 0), "reserving addresses") + NOTHING_SIZE / 2;

  /** There are none. */
  public static final Zones NONE = new Zones(null, 0);

  private final SharedMemory memory;
  private final int most;
  private final LongSupplier clock;

  /** The one used longest ago comes first. */
  private final List<Zone> all = new ArrayList<>();

  /** One of them, and whose it is, or null. */
  static final class Zone {
    final long base;
    Aliases owner;

    Zone(long base) {
      this.base = base;
    }
  }

  /**
   * @param memory what there are aliases of, shared
   * @param most how many zones there may be
   */
  public Zones(SharedMemory memory, int most) {
    this(memory, most, System::nanoTime);
  }

  /**
   * As {@link #Zones(SharedMemory, int)}.
   *
   * @param clock tells the time in nanoseconds
   */
  Zones(SharedMemory memory, int most, LongSupplier clock) {
    this.memory = memory;
    this.clock = clock;
    this.most = most;
  }

  /** The time in nanoseconds. */
  long now() {
    return clock.getAsLong();
  }

  SharedMemory memory() {
    return memory;
  }

  /** A zone with nothing in it for who does not have enough; null if there is none to be had. */
  Zone take(Aliases owner) {
    Zone zone = free();
    if (zone == null && all.size() < most) {
      zone = reserve();
    }
    if (zone == null && !all.isEmpty() && all.getFirst().owner != owner) {
      zone = all.getFirst();
      zone.owner.lose(zone);
    }
    if (zone != null) {
      zone.owner = owner;
      used(zone);
    }
    return zone;
  }

  private Zone free() {
    for (Zone each : all) {
      if (each.owner == null) {
        return each;
      }
    }
    return null;
  }

  /** A zone is in use now. */
  void used(Zone zone) {
    if (all.getLast() != zone) {
      all.remove(zone);
      all.add(zone);
    }
  }

  /** Takes all aliases away. */
  void clearAll() {
    for (Zone each : List.copyOf(all)) {
      if (each.owner != null) {
        each.owner.clear();
      }
    }
  }

  private Zone reserve() {
    if (TAKEN.incrementAndGet() > MOST) {
      TAKEN.decrementAndGet();
      return null;
    }
    long base = map(0, SIZE, 0);
    if (base < 0) {
      TAKEN.decrementAndGet();
      return null;
    }
    Zone zone = new Zone(base);
    all.add(zone);
    return zone;
  }

  /** Whether a host address is one near {@link #NOTHING}. */
  public static boolean isNothing(long host) {
    return Math.abs(host - NOTHING) < NOTHING_SIZE / 2;
  }

  /** Has nothing where there were aliases; the host may refuse what makes two mappings of one. */
  static boolean unmap(long place, long length) {
    return map(place, length, HostLinux.MAP_FIXED) == place;
  }

  /**
   * Has nothing in a zone. If the host refuses since there are too many mappings, these stay, but
   * without rights: that makes none more.
   */
  static void empty(Zone zone) {
    if (!unmap(zone.base, SIZE)) {
      HostCalls.check(
          HostCalls.syscall(HostLinux.MPROTECT, zone.base, SIZE, HostLinux.PROT_NONE, 0, 0, 0),
          "taking aliases away");
    }
  }

  private static long map(long place, long length, int how) {
    int flags = how | HostLinux.MAP_PRIVATE | HostLinux.MAP_ANONYMOUS | HostLinux.MAP_NORESERVE;
    return HostCalls.syscall(HostLinux.MMAP, place, length, HostLinux.PROT_NONE, flags, -1, 0);
  }

  @Override
  public void close() {
    for (Zone each : all) {
      HostCalls.syscall(HostLinux.MUNMAP, each.base, SIZE, 0, 0, 0, 0);
      TAKEN.decrementAndGet();
    }
    all.clear();
  }
}
