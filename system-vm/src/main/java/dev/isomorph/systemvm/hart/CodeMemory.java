package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.Frames;

/** The pages of physical memory that code can be in. */
public interface CodeMemory extends Frames {
  /**
   * The frame of a page.
   *
   * @param physicalPage address of its first byte
   * @return {@link dev.isomorph.engine.Mmu#NO_FRAME} if nothing can be executed there
   */
  int frame(long physicalPage);
}
