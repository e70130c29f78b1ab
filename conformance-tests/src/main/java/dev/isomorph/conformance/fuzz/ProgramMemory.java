package dev.isomorph.conformance.fuzz;

import dev.isomorph.engine.GuestMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/** A guest's window of host memory that holds one program after the other. */
final class ProgramMemory implements GuestMemory, AutoCloseable {
  private static final long WINDOW = 1L << 38;
  private static final long GUARD = 1 << 20;

  private final long base = GUARD + map(0, WINDOW + 2 * GUARD, HostLinux.PROT_NONE);
  private int placed;

  ProgramMemory() {
    map(base + Places.TEXT, Places.MAX_TEXT, HostLinux.PROT_READ | HostLinux.PROT_WRITE);
    map(base + Places.DATA, Places.DATA_SIZE, HostLinux.PROT_READ | HostLinux.PROT_WRITE);
  }

  private static long map(long address, long length, int protection) {
    int flags =
        HostLinux.MAP_PRIVATE
            | HostLinux.MAP_ANONYMOUS
            | HostLinux.MAP_NORESERVE
            | (address == 0 ? 0 : HostLinux.MAP_FIXED);
    return HostCalls.check(
        HostCalls.syscall(HostLinux.MMAP, address, length, protection, flags, -1, 0),
        "mapping guest memory");
  }

  /** Puts a program in place of the last one. */
  void place(Image image) {
    HostMemory.copyIn(new byte[placed], 0, base + Places.TEXT, placed);
    placed = image.text().length;
    if (placed > Places.MAX_TEXT) {
      throw new IllegalArgumentException("code of " + placed + " bytes");
    }
    HostMemory.copyIn(image.text(), 0, base + Places.TEXT, placed);
    HostMemory.copyIn(image.data(), 0, base + Places.DATA, Places.DATA_SIZE);
  }

  /** Copies from guest memory. */
  void copy(long from, byte[] to) {
    HostMemory.copyOut(base + from, to, 0, to.length);
  }

  @Override
  public long windowBase() {
    return base;
  }

  @Override
  public int fetchable(long address, int max) {
    long end = Places.TEXT + Places.MAX_TEXT;
    return address >= Places.TEXT && address < end ? (int) Math.min(max, end - address) : 0;
  }

  @Override
  public boolean readable(long address, long length) {
    return contains(address, length, Places.TEXT, Places.MAX_TEXT)
        || contains(address, length, Places.DATA, Places.DATA_SIZE);
  }

  @Override
  public boolean writable(long address, long length) {
    return readable(address, length);
  }

  private static boolean contains(long address, long length, long start, long size) {
    return address >= start && address - start <= size - length;
  }

  @Override
  public void close() {
    HostMemory.free(base - GUARD, WINDOW + 2 * GUARD);
  }
}
