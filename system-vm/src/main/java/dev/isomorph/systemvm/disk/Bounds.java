package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.util.Objects;

/** What every access to a disk has to keep to. */
final class Bounds {
  private Bounds() {}

  static void check(Disk disk, long position, long length) {
    Objects.checkFromIndexSize(position, length, disk.size());
  }

  static void checkWrite(Disk disk, String name, long position, long length) throws IOException {
    check(disk, position, length);
    if (disk.readOnly()) {
      throw new DiskImageException(name, "is read-only");
    }
  }
}
