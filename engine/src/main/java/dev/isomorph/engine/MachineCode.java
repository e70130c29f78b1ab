package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.hostbackend.HostMemory;

/** Code in a machine's frames. */
final class MachineCode implements MappedCode, PageMap {
  private static final int PAGE_SHIFT = 12;

  private final Frames frames;
  private final CodePages pages;

  MachineCode(Frames frames, CodePages pages) {
    this.frames = frames;
    this.pages = pages;
  }

  @Override
  public int parcel(long pc) {
    int frame = pages.frame(pc);
    return frame == CodePages.NO_FRAME
        ? -1
        : HostMemory.getShort(frames.hostAddress(frame) + (pc & Frames.SIZE - 1)) & 0xffff;
  }

  @Override
  public PageMap pages() {
    return this;
  }

  @Override
  public void refresh() {
    // Frames do not go.
  }

  @Override
  public long page(long guestPage) {
    return pages.frame(guestPage << PAGE_SHIFT);
  }
}
