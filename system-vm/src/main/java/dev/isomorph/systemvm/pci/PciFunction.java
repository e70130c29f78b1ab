package dev.isomorph.systemvm.pci;

import dev.isomorph.systemvm.device.Pausable;
import dev.isomorph.systemvm.device.Snapshotable;
import java.io.Closeable;

/**
 * Function 0 of a device on the bus; as {@link dev.isomorph.systemvm.device.Device}, any thread.
 */
public interface PciFunction extends Snapshotable, Pausable, Closeable {
  /** Its configuration space, which the bus saves and restores. */
  ConfigSpace config();

  /** Reads 1, 2 or 4 bytes of the configuration space. */
  default long readConfig(int offset, int bytes) {
    return config().read(offset, bytes);
  }

  /** Writes 1, 2 or 4 bytes of the configuration space. */
  default void writeConfig(int offset, int bytes, long value) {
    config().write(offset, bytes, value);
  }

  /** Reads from its memory. */
  long read(long offset, int bytes);

  /** Writes to its memory. */
  void write(long offset, int bytes, long value);

  /** Goes back to the state after power-on. */
  void reset();
}
