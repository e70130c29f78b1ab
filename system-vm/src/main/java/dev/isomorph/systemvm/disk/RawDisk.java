package dev.isomorph.systemvm.disk;

import java.io.IOException;

/**
 * An image that is the disk's bytes and nothing else. A last piece of less than a sector is not
 * part of the disk. Discarding does nothing.
 */
final class RawDisk implements Disk {
  private final ImageFile file;
  private final long size;
  private final boolean readOnly;
  private final boolean guessed;

  /**
   * @param guessed whether nobody has said that the format is raw: then the guest may not write
   *     what would look like another format next time, and so reach other files of the host's
   */
  RawDisk(ImageFile file, boolean readOnly, boolean guessed) throws IOException {
    this.file = file;
    this.size = file.size() / SECTOR * SECTOR;
    this.readOnly = readOnly;
    this.guessed = guessed;
    if (size == 0) {
      throw new DiskImageException(file.name(), "is shorter than a sector");
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void read(long position, byte[] to, int offset, int length) throws IOException {
    Bounds.check(this, position, length);
    file.read(position, to, offset, length);
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
    if (guessed && position < 4 && makesMagic(position, from, offset, length)) {
      throw new DiskImageException(
          file.name(),
          "the guest writes the header of a qcow2 image to a disk whose format was guessed;"
              + " say that it is raw to allow that");
    }
    file.write(position, from, offset, length);
  }

  private boolean makesMagic(long position, byte[] from, int offset, int length)
      throws IOException {
    byte[] start = new byte[4];
    file.read(0, start, 0, 4);
    System.arraycopy(from, offset, start, (int) position, (int) Math.min(length, 4 - position));
    return Qcow2Header.isMagic(start);
  }

  @Override
  public void zero(long position, long length, boolean release) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
    byte[] zeros = new byte[(int) Math.min(length, 1 << 18)];
    for (long done = 0; done < length; done += zeros.length) {
      write(position + done, zeros, 0, (int) Math.min(zeros.length, length - done));
    }
  }

  @Override
  public void discard(long position, long length) throws IOException {
    Bounds.checkWrite(this, file.name(), position, length);
  }

  @Override
  public void flush() throws IOException {
    if (!readOnly) {
      file.force();
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
    }
  }
}
