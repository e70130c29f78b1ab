package dev.isomorph.systemvm.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Saves a machine to files. */
record Saving(MachineSnapshot snapshot, List<HartSlot> harts, Standstill standstill, Power power) {
  /**
   * Saves it as it is between two instructions, after which it goes on; not for a hart's thread.
   *
   * @throws IOException with a line for the user
   */
  void save(Path file) throws IOException {
    standstill.begin();
    try {
      synchronized (standstill) {
        // Since it stood still it may have been reset, and harts may be about to start.
        standstill.awaitHarts();
        write(file);
      }
    } finally {
      standstill.end();
    }
  }

  /** Saves it while it stands still. */
  void write(Path file) throws IOException {
    if (!power.isOn()) {
      throw new IOException("the machine is off: there is nothing to save");
    }
    for (HartSlot slot : harts) {
      slot.settle();
    }
    SnapshotFile.write(file, snapshot::save);
  }
}
