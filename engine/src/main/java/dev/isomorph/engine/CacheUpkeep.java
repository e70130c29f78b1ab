package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.JumpCache;

/**
 * Keeps the harts out of blocks that go, and their jump caches free of them; on a machine notes
 * which frames have code.
 */
final class CacheUpkeep implements CodeCache.Listener {
  /** So many bytes of code go before Java's heap is collected as a whole. */
  private static final long MUCH = 64 << 20;

  private final Rendezvous rendezvous;

  /** Null in a process. */
  private final WrittenFrames written;

  private final long evictedAtOnce;
  private long evicted;

  /**
   * @param evictedAtOnce bytes of code, about, that go when many blocks do
   */
  CacheUpkeep(Rendezvous rendezvous, WrittenFrames written, long evictedAtOnce) {
    this.rendezvous = rendezvous;
    this.written = written;
    this.evictedAtOnce = evictedAtOnce;
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
    // What Java knew of the blocks is as old as they were, and the collector would look for it
    // when the heap is as large as it may be.
    evicted += evictedAtOnce;
    if (written == null && evicted >= MUCH) {
      evicted = 0;
      System.gc();
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
