package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What has state that a snapshot of the machine keeps. */
public interface Snapshotable {
  /** Unique in the machine, the same at each start; shown to people. */
  String name();

  /** Changes whenever what {@link #save} writes does. */
  int version();

  /** Writes the state. */
  void save(DataOutput out) throws IOException;

  /**
   * Reads what {@link #save} wrote.
   *
   * @param version of the writer, at most {@link #version}
   * @throws IOException if it is not what it should be; the machine then is not started
   */
  void restore(DataInput in, int version) throws IOException;
}
