package dev.isomorph.tools.diff;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a pipe into which small pieces are written: waits a little for more of them, since a reader
 * that takes each as it comes costs both sides a switch.
 */
final class PatientInputStream extends FilterInputStream {
  /** About half of what a pipe holds. */
  private static final int ENOUGH = 1 << 15;

  private static final long PAUSE_NANOS = 200_000;

  PatientInputStream(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (in.available() < ENOUGH) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return super.read(into, offset, length);
  }
}
