package dev.isomorph.systemvm.memory;

import dev.isomorph.systemvm.device.BusFault;
import dev.isomorph.systemvm.device.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What answers at which guest physical address: RAM, or the registers of a device, or nothing. */
public final class PhysicalBus {
  /**
   * A device at [base, base + size).
   *
   * @param reads how often harts have read its registers
   * @param writes how often they have written them
   */
  public record Range(long base, long size, Device device, LongAdder reads, LongAdder writes) {
    boolean contains(long address, int bytes) {
      long offset = address - base;
      return offset >= 0 && offset <= size - bytes;
    }
  }

  private final Ram ram;
  private final List<Range> ranges = new ArrayList<>();

  /** Null if there is none. */
  private StoreWatch watch;

  public PhysicalBus(Ram ram) {
    this.ram = ram;
  }

  public Ram ram() {
    return ram;
  }

  /** Puts a device at [base, base + size), where nothing may be yet. */
  public void attach(long base, long size, Device device) {
    for (Range range : ranges) {
      if (base < range.base + range.size && range.base < base + size) {
        throw new IllegalArgumentException(device.name() + " overlaps " + range.device.name());
      }
    }
    ranges.add(new Range(base, size, device, new LongAdder(), new LongAdder()));
  }

  /** From now on stores to a place in RAM are told; null for none. */
  public void watch(StoreWatch newWatch) {
    watch = newWatch;
  }

  /** Whether stores to a page must come to {@link #store}. */
  public boolean isWatched(long page) {
    return watch != null && watch.isIn(page);
  }

  /** All devices, in the order they were attached. */
  public List<Range> devices() {
    return Collections.unmodifiableList(ranges);
  }

  /**
   * Loads 1, 2, 4 or 8 bytes, zero-extended.
   *
   * @throws BusFault if nothing answers; devices take naturally aligned accesses only
   */
  public long load(long address, int bytes) {
    if (ram.contains(address, bytes)) {
      return switch (bytes) {
        case 1 -> ram.getByte(address);
        case 2 -> ram.getShort(address);
        case 4 -> ram.getInt(address) & 0xffff_ffffL;
        default -> ram.getLong(address);
      };
    }
    Range range = range(address, bytes);
    range.reads.increment();
    return range.device.read(address - range.base, bytes);
  }

  /** Stores 1, 2, 4 or 8 bytes; faults as {@link #load}. */
  public void store(long address, int bytes, long value) {
    if (ram.contains(address, bytes)) {
      switch (bytes) {
        case 1 -> ram.putByte(address, (int) value);
        case 2 -> ram.putShort(address, (int) value);
        case 4 -> ram.putInt(address, (int) value);
        default -> ram.putLong(address, value);
      }
      if (watch != null && watch.isTouchedBy(address, bytes)) {
        watch.listener().stored(ram.getLong(watch.address()));
      }
      return;
    }
    Range range = range(address, bytes);
    range.writes.increment();
    range.device.write(address - range.base, bytes, value);
  }

  private Range range(long address, int bytes) {
    if ((address & (bytes - 1)) == 0) {
      for (Range range : ranges) {
        if (range.contains(address, bytes)) {
          return range;
        }
      }
    }
    throw BusFault.INSTANCE;
  }
}
