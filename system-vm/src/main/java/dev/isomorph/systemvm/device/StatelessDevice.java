package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;

/** A device that has nothing to remember. */
public interface StatelessDevice extends Device {
  @Override
  default void reset() {}

  @Override
  default int version() {
    return 1;
  }

  @Override
  default void save(DataOutput out) {}

  @Override
  default void restore(DataInput in, int version) {}
}
