package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.JumpCache;

/**
 * Keeps the harts out of blocks that go, and their jump caches free of them; on a machine notes
 * which frames have code.
 */
final class CacheUpkeep implements CodeCache.Listener {
  private final Rendezvous rendezvous;

  /** Null in a process. */
  private final WrittenFrames written;

  CacheUpkeep(Rendezvous rendezvous, WrittenFrames written) {
    this.rendezvous = rendezvous;
    this.written = written;
  }

  @Override
  public void removing() {
    rendezvous.clear();
  }

  @Override
  public void removed(TranslatedBlock block) {
    for (Hart hart : rendezvous.harts()) {
      for (JumpCache jumpCache : hart.jumpCaches()) {
        jumpCache.remove(block.pc());
      }
    }
  }

  @Override
  public void removedMany() {
    for (Hart hart : rendezvous.harts()) {
      for (JumpCache jumpCache : hart.jumpCaches()) {
        jumpCache.clear();
      }
    }
  }

  @Override
  public void pageOccupied(long page) {
    if (written != null) {
      written.occupied((int) page);
    }
  }

  @Override
  public void pageVacated(long page) {
    if (written != null) {
      written.vacated((int) page);
    }
  }
}
