package dev.isomorph.hostbackend;

/**
 * A stretch of host memory, zero at first and backed by real pages only where it is touched, parts
 * of which can be mapped at other places, too ({@link #map}): an alias. If the host does not let it
 * be shared, it is memory like any other, without aliases.
 */
public final class SharedMemory implements AutoCloseable {
  private static final int NO_FILE = -1;
  private static final int NAME_BYTES = 4096;

  private final long size;
  private final long address;

  /** The file that the memory is, or {@link #NO_FILE}. */
  private int file;

  /**
   * @param size in bytes, whole pages
   * @param shared whether there may be aliases
   */
  public SharedMemory(long size, boolean shared) {
    this.size = size;
    file = shared ? newFile(size) : NO_FILE;
    long mapped = file == NO_FILE ? -1 : mapFile();
    if (mapped < 0) {
      closeFile();
      mapped = HostMemory.allocate(size);
    }
    address = mapped;
  }

  /** A file of that size in memory, with no name, or {@link #NO_FILE}. */
  private static int newFile(long size) {
    long name = HostMemory.allocate(NAME_BYTES);
    HostMemory.putString(name, "guest memory");
    int made =
        (int) HostCalls.syscall(HostLinux.MEMFD_CREATE, name, HostLinux.MFD_CLOEXEC, 0, 0, 0, 0);
    HostMemory.free(name, NAME_BYTES);
    if (made < 0) {
      return NO_FILE;
    }
    if (HostCalls.syscall(HostLinux.FTRUNCATE, made, size, 0, 0, 0, 0) != 0) {
      HostCalls.syscall(HostLinux.CLOSE, made, 0, 0, 0, 0, 0);
      return NO_FILE;
    }
    return made;
  }

  private long mapFile() {
    return HostCalls.syscall(
        HostLinux.MMAP,
        0,
        size,
        HostLinux.PROT_READ | HostLinux.PROT_WRITE,
        HostLinux.MAP_SHARED | HostLinux.MAP_NORESERVE,
        file,
        0);
  }

  /** Host address of the first byte. */
  public long address() {
    return address;
  }

  /** Whether there can be aliases. */
  public boolean isShared() {
    return file != NO_FILE;
  }

  /**
   * Makes an alias: whole pages of this memory are at {@code place}, too, instead of what is mapped
   * there.
   *
   * @param start where they are
   * @return false if the host refuses; then nothing is mapped there, or what was
   */
  public boolean map(long place, long start, long length, boolean writable) {
    int rights = writable ? HostLinux.PROT_READ | HostLinux.PROT_WRITE : HostLinux.PROT_READ;
    int how = HostLinux.MAP_SHARED | HostLinux.MAP_FIXED | HostLinux.MAP_POPULATE;
    return HostCalls.syscall(HostLinux.MMAP, place, length, rights, how, file, start - address)
        == place;
  }

  /**
   * Whether a page may be other than zero. To look at one that has never been touched, or been
   * given back, would have the host find memory for it.
   */
  public boolean isBacked(long page) {
    long offset = page - address;
    return !isShared()
        || HostCalls.syscall(HostLinux.LSEEK, file, offset, HostLinux.SEEK_DATA, 0, 0, 0) == offset;
  }

  /** Gives whole pages back to the host; they read as zeros, here and in aliases. */
  public void release(long start, long length) {
    if (!isShared()) {
      HostMemory.release(start, length);
      return;
    }
    HostCalls.check(
        HostCalls.syscall(HostLinux.MADVISE, start, length, HostLinux.MADV_REMOVE, 0, 0, 0),
        "giving back host memory");
  }

  private void closeFile() {
    if (file != NO_FILE) {
      HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
      file = NO_FILE;
    }
  }

  /** Unmaps it; aliases stay. */
  @Override
  public void close() {
    HostMemory.free(address, size);
    closeFile();
  }
}
