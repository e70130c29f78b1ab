package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.device.BusFault;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Memory for those who debug: as a hart sees it, whatever it may do there, or by physical address.
 * Devices are accessed by words where they are aligned, else by less.
 */
public final class HartMemory {
  private static final long PAGE = 4096;
  private static final int WORD = 4;

  private final PhysicalBus bus;

  /** Null for physical addresses. */
  private final SystemHart hart;

  private HartMemory(PhysicalBus bus, SystemHart hart) {
    this.bus = bus;
    this.hart = hart;
  }

  /** Memory by virtual address. */
  public static HartMemory of(SystemHart hart, PhysicalBus bus) {
    return new HartMemory(bus, hart);
  }

  /** Memory by physical address. */
  public static HartMemory physical(PhysicalBus bus) {
    return new HartMemory(bus, null);
  }

  /** One stretch in one page. */
  private interface Stretch {
    /** False if not all of it is there. */
    boolean access(long physical, int offset, int length);
  }

  /** Reads bytes; as many as can be read in a row, fewer than asked for if need be. */
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    int done =
        walk(
            address,
            length,
            (physical, offset, count) -> {
              if (bus.ram().contains(physical, count)) {
                bus.ram().read(physical, bytes, offset, count);
                return true;
              }
              return load(physical, bytes, offset, count);
            });
    return Arrays.copyOf(bytes, done);
  }

  /** Writes bytes; returns false if not all of them could be written. */
  public boolean write(long address, byte[] bytes) {
    int done =
        walk(
            address,
            bytes.length,
            (physical, offset, count) -> {
              if (bus.ram().contains(physical, count)) {
                bus.ram().write(physical, bytes, offset, count);
                return true;
              }
              return store(physical, bytes, offset, count);
            });
    return done == bytes.length;
  }

  /** Returns how many bytes are in stretches that could be accessed. */
  private int walk(long address, int length, Stretch stretch) {
    int done = 0;
    while (done < length) {
      long at = address + done;
      int count = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
      OptionalLong physical = hart == null ? OptionalLong.of(at) : hart.locate(at);
      if (physical.isEmpty() || !stretch.access(physical.getAsLong(), done, count)) {
        break;
      }
      done += count;
    }
    return done;
  }

  private static int unit(long address, int left) {
    int aligned = (int) Math.min(WORD, Long.lowestOneBit(address | WORD));
    return Math.min(aligned, Integer.highestOneBit(left));
  }

  private boolean load(long physical, byte[] to, int offset, int length) {
    try {
      int done = 0;
      while (done < length) {
        int unit = unit(physical + done, length - done);
        long value = bus.load(physical + done, unit);
        for (int i = 0; i < unit; i++) {
          to[offset + done + i] = (byte) (value >>> Byte.SIZE * i);
        }
        done += unit;
      }
      return true;
    } catch (BusFault nothing) {
      return false;
    }
  }

  private boolean store(long physical, byte[] from, int offset, int length) {
    try {
      int done = 0;
      while (done < length) {
        int unit = unit(physical + done, length - done);
        long value = 0;
        for (int i = unit - 1; i >= 0; i--) {
          value = value << Byte.SIZE | from[offset + done + i] & 0xff;
        }
        bus.store(physical + done, unit, value);
        done += unit;
      }
      return true;
    } catch (BusFault nothing) {
      return false;
    }
  }
}
