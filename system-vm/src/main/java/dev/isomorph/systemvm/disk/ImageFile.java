package dev.isomorph.systemvm.disk;

import java.io.Closeable;
import java.io.IOException;

/** A file that holds an image. */
interface ImageFile extends Closeable {
  /** How people know it. */
  String name();

  /** Bytes now. */
  long size() throws IOException;

  /** Reads; what lies beyond the end is zero. */
  void read(long position, byte[] to, int offset, int length) throws IOException;

  /** Writes, and makes the file longer if need be. */
  void write(long position, byte[] from, int offset, int length) throws IOException;

  /** Returns when all that has been written is on the medium. */
  void force() throws IOException;
}
