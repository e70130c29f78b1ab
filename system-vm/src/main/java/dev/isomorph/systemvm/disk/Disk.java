package dev.isomorph.systemvm.disk;

import java.io.Closeable;
import java.io.IOException;

/**
 * A disk: so many bytes, which stay. Positions and lengths lie within {@link #size}. All methods
 * may be called from any thread.
 *
 * <p>What has been written is safe once {@link #flush} has returned. Until then, if this process or
 * the host stops, any part of what was written since the last flush may be lost, and no more.
 */
public interface Disk extends Closeable {
  /** Bytes of the unit in which disks are counted. */
  int SECTOR = 512;

  /** Bytes, a multiple of {@link #SECTOR}. */
  long size();

  /** Whether nothing can be written. */
  boolean readOnly();

  /**
   * Reads.
   *
   * @throws DiskImageException if the image is damaged there
   * @throws IOException if the host fails
   */
  void read(long position, byte[] to, int offset, int length) throws IOException;

  /** Writes; fails as {@link #read}, and where the disk is read-only. */
  void write(long position, byte[] from, int offset, int length) throws IOException;

  /**
   * Makes bytes read as zero.
   *
   * @param release whether the host's memory for them may be given back
   */
  void zero(long position, long length, boolean release) throws IOException;

  /** Says that nobody needs these bytes: from now on they are as before or zero. */
  void discard(long position, long length) throws IOException;

  /** Makes what has been written safe from a loss of power. */
  void flush() throws IOException;

  /** Makes all safe and lets the image go. */
  @Override
  void close() throws IOException;
}
