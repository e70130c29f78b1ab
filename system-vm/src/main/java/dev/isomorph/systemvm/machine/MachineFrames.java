package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Mmu;
import dev.isomorph.systemvm.hart.CodeMemory;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.memory.Rom;

/** The pages of RAM, and behind them that of the read-only memory. */
record MachineFrames(Ram ram, Rom rom) implements CodeMemory {
  @Override
  public int count() {
    return ramFrames() + 1;
  }

  private int ramFrames() {
    return (int) (ram.size() / SIZE);
  }

  @Override
  public long hostAddress(int frame) {
    return frame == ramFrames()
        ? rom.hostAddress()
        : ram.hostAddress(ram.base() + (long) frame * SIZE, SIZE);
  }

  @Override
  public boolean mayHaveAliases() {
    return ram.memory().isShared();
  }

  @Override
  public int frame(long physicalPage) {
    if (ram.contains(physicalPage, SIZE)) {
      return (int) ((physicalPage - ram.base()) / SIZE);
    }
    return physicalPage == rom.base() ? ramFrames() : Mmu.NO_FRAME;
  }
}
