package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.device.BusFault;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A hart's data as the evaluator accesses it: what emitted code cannot reach, devices above all.
 * Each access walks the page tables.
 */
final class VirtualData implements DataMemory {
  private final PageWalker walker;
  private final PhysicalBus bus;
  private final LongConsumer listener;
  private final Ram ram;
  private final Translation translation = new Translation();
  private TrapCause fault;
  private List<Watchpoint> watchpoints = List.of();

  /** The last one that was touched, or null. */
  private Watchpoint tripped;

  /**
   * @param listener hears of the addresses that are accessed
   */
  VirtualData(PageWalker walker, PhysicalBus bus, LongConsumer listener) {
    this.walker = walker;
    this.listener = listener;
    this.bus = bus;
    ram = bus.ram();
  }

  /** What the last {@link GuestMemoryFault} is to raise. */
  TrapCause fault() {
    return fault;
  }

  /** From now on accesses to this data are noted. */
  void watch(List<Watchpoint> newWatchpoints) {
    watchpoints = newWatchpoints;
    tripped = null;
  }

  /** Whether accesses to some data of a page must be noted. */
  boolean isWatched(long address) {
    for (Watchpoint each : watchpoints) {
      if (each.isInPage(address)) {
        return true;
      }
    }
    return false;
  }

  /** The watched data that has been accessed since the last call, or null. */
  Watchpoint takeTripped() {
    Watchpoint last = tripped;
    tripped = null;
    return last;
  }

  boolean hasTripped() {
    return tripped != null;
  }

  private void note(long address, int bytes, boolean store) {
    for (Watchpoint each : watchpoints) {
      if (each.isTouchedBy(address, bytes, store)) {
        tripped = each;
      }
    }
  }

  @Override
  public long load(long address, int bytes) {
    note(address, bytes, false);
    int first = inFirstPage(address, bytes);
    long low = translate(address, first, AccessKind.LOAD);
    if (first == bytes) {
      return read(address, low, bytes);
    }
    long high = translate(address + first, bytes - first, AccessKind.LOAD);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long place = i < first ? low + i : high + i - first;
      value |= read(address + i, place, 1) << 8 * i;
    }
    return value;
  }

  private long read(long address, long place, int bytes) {
    try {
      return bus.load(place, bytes);
    } catch (BusFault nothing) {
      throw fail(TrapCause.LOAD_ACCESS_FAULT, address, false);
    }
  }

  @Override
  public void store(long address, int bytes, long value) {
    note(address, bytes, true);
    int first = inFirstPage(address, bytes);
    long low = translate(address, first, AccessKind.STORE);
    if (first == bytes) {
      write(address, low, bytes, value);
      return;
    }
    long high = translate(address + first, bytes - first, AccessKind.STORE);
    if (!ram.contains(low, first)) {
      throw fail(TrapCause.STORE_ACCESS_FAULT, address, true);
    }
    if (!ram.contains(high, bytes - first)) {
      throw fail(TrapCause.STORE_ACCESS_FAULT, address + first, true);
    }
    for (int i = 0; i < bytes; i++) {
      long place = i < first ? low + i : high + i - first;
      write(address + i, place, 1, value >>> 8 * i & 0xff);
    }
  }

  private void write(long address, long place, int bytes, long value) {
    try {
      bus.store(place, bytes, value);
    } catch (BusFault nothing) {
      throw fail(TrapCause.STORE_ACCESS_FAULT, address, true);
    }
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    note(address, bytes, true);
    long place = translate(address, bytes, AccessKind.STORE);
    if (!ram.contains(place, bytes)) {
      throw fail(TrapCause.STORE_ACCESS_FAULT, address, true);
    }
    return bytes == 4
        ? ram.compareAndSetInt(place, (int) expected, (int) value)
        : ram.compareAndSetLong(place, expected, value);
  }

  @Override
  public void zeroBlock(long address) {
    note(address, BLOCK_SIZE, true);
    long place = translate(address, BLOCK_SIZE, AccessKind.STORE);
    if (!ram.contains(place, BLOCK_SIZE)) {
      throw fail(TrapCause.STORE_ACCESS_FAULT, address, true);
    }
    ram.clear(place, BLOCK_SIZE);
  }

  /** How many of the bytes are in the page of the first. */
  private static int inFirstPage(long address, int bytes) {
    return (int) Math.min(bytes, PageWalker.PAGE - (address & PageWalker.PAGE - 1));
  }

  private long translate(long address, int bytes, AccessKind kind) {
    TrapCause cause = walker.translate(address, bytes, kind, translation);
    if (cause != null) {
      throw fail(cause, address, kind == AccessKind.STORE);
    }
    listener.accept(address);
    return translation.physical();
  }

  private GuestMemoryFault fail(TrapCause cause, long address, boolean write) {
    fault = cause;
    tripped = null; // Nothing has been accessed after all.
    return new GuestMemoryFault(address, write);
  }
}
