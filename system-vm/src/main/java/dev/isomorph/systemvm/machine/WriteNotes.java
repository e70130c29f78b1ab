package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Frames;
import dev.isomorph.engine.WrittenFrames;
import dev.isomorph.systemvm.memory.Ram;

/** Notes the frames that are written by others than emitted code. */
record WriteNotes(Ram ram, WrittenFrames written) implements Ram.WriteListener {
  @Override
  public void written(long address, long length) {
    if (length > 0) {
      int last = frame(address + length - 1);
      for (int frame = frame(address); frame <= last; frame++) {
        written.note(frame);
      }
    }
  }

  private int frame(long address) {
    return (int) ((address - ram.base()) / Frames.SIZE);
  }
}
