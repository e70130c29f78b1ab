package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.conformance.witness.Layout.Region;
import dev.isomorph.engine.Frames;
import dev.isomorph.engine.GuestMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The regions of the {@link Layout} in host memory, set up for one scenario after the other. Every
 * page is mapped twice: in the guest's window with the guest's rights, and in a view through which
 * it is filled and read.
 */
final class HostWindow implements GuestMemory, AutoCloseable {
  /** Room for pointers near zero of either sign. */
  private static final long GUARD = 1L << 32;

  /**
   * Where the first window lies. Random pointers are mostly sums of a few powers of two; from here
   * such a distance meets neither the heap nor the executable nor the libraries of the JVM, nor,
   * because the stride is no such sum, another window.
   */
  private static final long PLACE = 0x2a55_5000_0000L;

  private static final long STRIDE = 0x9d_5a3c_7000L;
  private static final int MOST_WINDOWS = 32;

  private static final int PAGE = 4096;

  /** Has no divisor in common with the number of pages. */
  private static final int FRAME_STEP = 7;

  private static final long RESERVED = Layout.WINDOW + 2 * GUARD;
  private static final int VIEW_SIZE = Layout.REGIONS.stream().mapToInt(Region::length).sum();
  private static final int CODE_OFFSET = offset(Layout.CODE);

  private final long base;
  private final long view;

  /** The pages in another order, as a machine's memory. */
  private final long frames;

  /** The {@link DataPages} in the view, where they lie behind the code. */
  private final MemorySegment data;

  private byte[] filling;
  private int placedOffset = CODE_OFFSET;
  private int placedLength;

  HostWindow() {
    long file = memoryFile();
    view = map(0, VIEW_SIZE, HostLinux.PROT_READ | HostLinux.PROT_WRITE, file, 0);
    data = segment(view + offset(DataPages.address(0)), DataPages.count() * PAGE);
    base = GUARD + reserve();
    for (Region region : Layout.REGIONS) {
      int offset = offset(region.address());
      map(base + region.address(), region.length(), protection(region), file, offset);
    }
    frames = HostMemory.allocate(VIEW_SIZE);
    for (int page = 0; page < VIEW_SIZE / PAGE; page++) {
      int rights = HostLinux.PROT_READ | HostLinux.PROT_WRITE;
      map(frames + (long) frameOf(page) * PAGE, PAGE, rights, file, page * PAGE);
    }
    HostCalls.check(HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0), "closing a file");
    fillCode(CODE_OFFSET, Layout.CODE_SIZE);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment segment(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length);
  }

  private static long memoryFile() {
    long name = HostMemory.allocate(PAGE);
    long file =
        HostCalls.check(
            HostCalls.syscall(HostLinux.MEMFD_CREATE, name, 0, 0, 0, 0, 0), "creating a file");
    HostMemory.free(name, PAGE);
    HostCalls.check(
        HostCalls.syscall(HostLinux.FTRUNCATE, file, VIEW_SIZE, 0, 0, 0, 0), "sizing a file");
    return file;
  }

  private static long reserve() {
    int flags =
        HostLinux.MAP_PRIVATE
            | HostLinux.MAP_ANONYMOUS
            | HostLinux.MAP_NORESERVE
            | HostLinux.MAP_FIXED_NOREPLACE;
    long result = -1;
    for (int i = 0; i < MOST_WINDOWS && result < 0; i++) {
      long place = PLACE + i * STRIDE;
      result =
          HostCalls.syscall(HostLinux.MMAP, place, RESERVED, HostLinux.PROT_NONE, flags, -1, 0);
    }
    return HostCalls.check(result, "reserving a window");
  }

  private static long map(long address, long length, int protection, long file, int offset) {
    int flags = HostLinux.MAP_SHARED | (address == 0 ? 0 : HostLinux.MAP_FIXED);
    return HostCalls.check(
        HostCalls.syscall(HostLinux.MMAP, address, length, protection, flags, file, offset),
        "mapping guest memory");
  }

  private static int protection(Region region) {
    return region.rights().contains(Access.WRITE)
        ? HostLinux.PROT_READ | HostLinux.PROT_WRITE
        : HostLinux.PROT_READ;
  }

  /** The frame of a page of the view: neighbours are not neighbours. */
  private static int frameOf(int page) {
    return (FRAME_STEP * page + 3) % (VIEW_SIZE / PAGE);
  }

  /** The number of the frame that a mapped guest address is in. */
  static int frame(long address) {
    return frameOf(offset(address) / PAGE);
  }

  /** The pages as a machine's memory. */
  Frames frames() {
    return new Frames() {
      @Override
      public int count() {
        return VIEW_SIZE / PAGE;
      }

      @Override
      public long hostAddress(int frame) {
        return frames + (long) frame * PAGE;
      }
    };
  }

  /** Where a mapped guest address is in the view. */
  private static int offset(long address) {
    int offset = 0;
    for (Region region : Layout.REGIONS) {
      if (address >= region.address() && address < region.end()) {
        return offset + (int) (address - region.address());
      }
      offset += region.length();
    }
    throw new IllegalArgumentException("not mapped: " + address);
  }

  private void fillCode(int offset, int length) {
    for (int i = 0; i < length; i += 2) {
      HostMemory.putShort(view + offset + i, Layout.FILLER);
    }
  }

  /** Puts the program and data of a scenario in place of the last one's. */
  void load(Scenario scenario) {
    fillCode(placedOffset, placedLength);
    byte[] code = scenario.bytes();
    placedOffset = offset(scenario.pc());
    placedLength = Math.min(code.length, CODE_OFFSET + Layout.CODE_SIZE - placedOffset);
    HostMemory.copyIn(code, 0, view + placedOffset, placedLength);
    filling = DataPages.filling(scenario.contents());
    fillData();
  }

  private void fillData() {
    HostMemory.copyIn(filling, 0, data.address(), filling.length);
  }

  /** Gives the bytes of the {@link DataPages} and makes these what they were when loaded. */
  byte[] takeData() {
    MemorySegment was = MemorySegment.ofArray(filling);
    if (MemorySegment.mismatch(data, 0, filling.length, was, 0, filling.length) < 0) {
      return filling;
    }
    byte[] changed = data.toArray(ValueLayout.JAVA_BYTE);
    fillData();
    return changed;
  }

  @Override
  public long windowBase() {
    return base;
  }

  @Override
  public int fetchable(long address, int max) {
    if (!Layout.allows(address, 1, Access.EXECUTE)) {
      return 0;
    }
    return (int) Math.min(max, Layout.CODE + Layout.CODE_SIZE - address);
  }

  @Override
  public boolean readable(long address, long length) {
    return Layout.allows(address, length, Access.READ);
  }

  @Override
  public boolean writable(long address, long length) {
    return Layout.allows(address, length, Access.WRITE);
  }

  @Override
  public void close() {
    HostMemory.free(base - GUARD, RESERVED);
    HostMemory.free(view, VIEW_SIZE);
    HostMemory.free(frames, VIEW_SIZE);
  }
}
