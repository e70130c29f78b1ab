package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Frames;
import dev.isomorph.systemvm.memory.Ram;

/** The pages of RAM. */
record RamFrames(Ram ram) implements Frames {
  @Override
  public int count() {
    return (int) (ram.size() / SIZE);
  }

  @Override
  public long hostAddress(int frame) {
    return ram.hostAddress(ram.base() + (long) frame * SIZE, SIZE);
  }
}
