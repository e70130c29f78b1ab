package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;

/**
 * The structures of system calls that riscv64 (asm-generic headers) and x86-64 lay out differently.
 * Each field is named with its offset in the guest's and in the host's structure and its width in
 * each. All other structures of the calls in {@link Syscall} are alike.
 */
enum StructLayout {
  STAT(
      128,
      144,
      new Field("st_dev", 0, 0, 8),
      new Field("st_ino", 8, 8, 8),
      new Field("st_mode", 16, 24, 4),
      new Field("st_nlink", 20, 16, 4, 8),
      new Field("st_uid", 24, 28, 4),
      new Field("st_gid", 28, 32, 4),
      new Field("st_rdev", 32, 40, 8),
      new Field("st_size", 48, 48, 8),
      new Field("st_blksize", 56, 56, 4, 8),
      new Field("st_blocks", 64, 64, 8),
      new Field("st_atim.tv_sec", 72, 72, 8),
      new Field("st_atim.tv_nsec", 80, 80, 8),
      new Field("st_mtim.tv_sec", 88, 88, 8),
      new Field("st_mtim.tv_nsec", 96, 96, 8),
      new Field("st_ctim.tv_sec", 104, 104, 8),
      new Field("st_ctim.tv_nsec", 112, 112, 8)),
  EPOLL_EVENT(16, 12, new Field("events", 0, 0, 4), new Field("data", 8, 4, 8)),
  SEMID_DS(
      88,
      104,
      new Field("sem_perm.__key", 0, 0, 4),
      new Field("sem_perm.uid", 4, 4, 4),
      new Field("sem_perm.gid", 8, 8, 4),
      new Field("sem_perm.cuid", 12, 12, 4),
      new Field("sem_perm.cgid", 16, 16, 4),
      new Field("sem_perm.mode", 20, 20, 4),
      new Field("sem_perm.__seq", 24, 24, 2),
      new Field("sem_otime", 48, 48, 8),
      new Field("sem_ctime", 56, 64, 8),
      new Field("sem_nsems", 64, 80, 8));

  /**
   * One field.
   *
   * @param name as in the C structure
   * @param guest offset in the guest's structure
   * @param host offset in the host's structure
   * @param guestWidth bytes it takes in the guest's structure
   * @param hostWidth bytes it takes in the host's structure, not less
   */
  record Field(String name, int guest, int host, int guestWidth, int hostWidth) {
    Field(String name, int guest, int host, int width) {
      this(name, guest, host, width, width);
    }
  }

  /** Bytes of the guest's structure. */
  final int guestSize;

  /** Bytes of the host's structure. */
  final int hostSize;

  final Field[] fields;

  StructLayout(int guestSize, int hostSize, Field... fields) {
    this.guestSize = guestSize;
    this.hostSize = hostSize;
    this.fields = fields;
  }

  /** Writes the guest's form of the host's structure, padding zeroed; both are host addresses. */
  void toGuest(long host, long guest) {
    HostMemory.fill(guest, guestSize, (byte) 0);
    for (Field field : fields) {
      store(guest + field.guest, field.guestWidth, load(host + field.host, field.hostWidth));
    }
  }

  /** Writes the host's form of the guest's structure, padding zeroed; both are host addresses. */
  void toHost(long guest, long host) {
    HostMemory.fill(host, hostSize, (byte) 0);
    for (Field field : fields) {
      store(host + field.host, field.hostWidth, load(guest + field.guest, field.guestWidth));
    }
  }

  private static long load(long address, int width) {
    return switch (width) {
      case 2 -> HostMemory.getShort(address) & 0xffffL;
      case 4 -> HostMemory.getInt(address) & 0xffff_ffffL;
      default -> HostMemory.getLong(address);
    };
  }

  private static void store(long address, int width, long value) {
    switch (width) {
      case 2 -> HostMemory.putShort(address, (short) value);
      case 4 -> HostMemory.putInt(address, (int) value);
      default -> HostMemory.putLong(address, value);
    }
  }
}
