package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens images. */
public final class DiskImages {
  /** More images behind each other than anyone means to have. */
  private static final int DEEPEST = 64;

  private DiskImages() {}

  /**
   * Opens an image and those behind it.
   *
   * @param format null to look for a header, and else take it as raw
   * @throws DiskImageException if it is damaged, uses what is not supported here, or is in use
   */
  public static Disk open(Path path, DiskFormat format, boolean readOnly) throws IOException {
    return open(path, format, readOnly, 0);
  }

  /**
   * Opens an image that stays as it is: what is written goes to a file without a name, and is gone
   * when the disk is closed.
   *
   * @param format as of {@link #open}
   */
  public static Disk openTemporary(Path path, DiskFormat format) throws IOException {
    Disk behind = open(path, format, true);
    try {
      Path overlay = Files.createTempFile("isomorph", ".qcow2");
      try {
        Files.write(overlay, Qcow2Creator.image(behind.size()));
        ImageFile file = LockedFile.open(overlay, true);
        return new Qcow2Disk(file, Qcow2Header.read(file), behind, false);
      } finally {
        Files.delete(overlay);
      }
    } catch (IOException | RuntimeException e) {
      behind.close();
      throw e;
    }
  }

  private static Disk open(Path path, DiskFormat format, boolean readOnly, int depth)
      throws IOException {
    ImageFile file = LockedFile.open(path, !readOnly);
    try {
      boolean qcow2 = format == null ? looksLikeQcow2(file) : format == DiskFormat.QCOW2;
      if (!qcow2) {
        return new RawDisk(file, readOnly, format == null);
      }
      Qcow2Header header = Qcow2Header.read(file);
      Disk backing = backing(path, header, depth);
      try {
        return new Qcow2Disk(file, header, backing, readOnly);
      } catch (IOException | RuntimeException e) {
        if (backing != null) {
          backing.close();
        }
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Disk backing(Path path, Qcow2Header header, int depth) throws IOException {
    if (header.backingFile() == null) {
      return null;
    }
    String name = path.toString();
    if (depth == DEEPEST) {
      throw new DiskImageException(name, "too many images behind each other, or a circle of them");
    }
    Path at = path.resolveSibling(header.backingFile());
    DiskFormat format = DiskFormat.RAW;
    if (header.backingFormat() != null) {
      format = DiskFormat.of(header.backingFormat());
      if (format == null) {
        throw new DiskImageException(
            name, "its backing file is of the unknown format " + header.backingFormat());
      }
    } else {
      refuseUndeclared(name, at);
    }
    return open(at, format, true, depth + 1);
  }

  /**
   * A raw disk's guest may write a header of qcow2 that names any file of the host's. So what an
   * image does not call qcow2 is not read as qcow2; nor as raw if it may have been meant.
   */
  private static void refuseUndeclared(String name, Path backing) throws IOException {
    try (LockedFile file = LockedFile.open(backing, false)) {
      if (looksLikeQcow2(file)) {
        throw new DiskImageException(
            name,
            "does not say of which format its backing file "
                + backing
                + " is; if it is qcow2, say so: qemu-img rebase -u -F qcow2 -b FILE IMAGE");
      }
    }
  }

  private static boolean looksLikeQcow2(ImageFile file) throws IOException {
    byte[] start = new byte[4];
    file.read(0, start, 0, start.length);
    return Qcow2Header.isMagic(start);
  }
}
