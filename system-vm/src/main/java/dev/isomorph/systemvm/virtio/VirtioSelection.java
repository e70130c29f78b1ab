package dev.isomorph.systemvm.virtio;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the driver has selected in the registers of a transport: the words of features and the queue
 * that its other registers are about. Guarded by the core's monitor.
 */
final class VirtioSelection {
  int deviceFeaturesWord;
  int driverFeaturesWord;
  int queue;

  void reset() {
    deviceFeaturesWord = 0;
    driverFeaturesWord = 0;
    queue = 0;
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(deviceFeaturesWord);
    out.writeInt(driverFeaturesWord);
    out.writeInt(queue);
  }

  void restore(DataInput in) throws IOException {
    deviceFeaturesWord = in.readInt();
    driverFeaturesWord = in.readInt();
    queue = in.readInt();
  }
}
