package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.Mmu;
import dev.isomorph.systemvm.memory.Ram;

/** Memory whose frames all may hold code. */
record RamFrames(Ram ram) implements CodeMemory {
  @Override
  public int count() {
    return (int) (ram.size() / SIZE);
  }

  @Override
  public long hostAddress(int frame) {
    return ram.hostAddress(ram.base() + (long) frame * SIZE, SIZE);
  }

  @Override
  public boolean mayHaveAliases() {
    return ram.memory().isShared();
  }

  @Override
  public int frame(long physicalPage) {
    return ram.contains(physicalPage, SIZE)
        ? (int) ((physicalPage - ram.base()) / SIZE)
        : Mmu.NO_FRAME;
  }
}
