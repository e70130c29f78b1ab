package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Tlb;
import java.util.BitSet;

/** Drops translations whose code, in a machine's memory, has changed. */
final class CodeFrames {
  private static final int PAGE_SHIFT = 12;

  private final Frames frames;
  private final WrittenFrames written;
  private final CodeCache cache;
  private final GuestSpace space;
  private final Rendezvous rendezvous;
  private final EngineStats stats;

  CodeFrames(
      Frames frames,
      WrittenFrames written,
      CodeCache cache,
      GuestSpace space,
      Rendezvous rendezvous,
      EngineStats stats) {
    this.frames = frames;
    this.cache = cache;
    this.space = space;
    this.rendezvous = rendezvous;
    this.stats = stats;
    this.written = written;
  }

  WrittenFrames written() {
    return written;
  }

  /** What has been stored before is seen by instruction fetches from now on; within a turn. */
  void synchronise() {
    if (!written.takeSuspicion()) {
      return;
    }
    BitSet suspects = suspects();
    if (suspects.isEmpty()) {
      return;
    }
    // A store that has passed its check is over once its hart is out of emitted code.
    rendezvous.clear();
    long base = frames.hostAddress(0);
    long end = base + (long) frames.count() * Frames.SIZE;
    for (Hart hart : rendezvous.harts()) {
      for (Tlb tlb : hart.tlbs()) {
        tlb.protect(
            host -> host >= base && host < end && suspects.get((int) (host - base >>> PAGE_SHIFT)));
      }
    }
    for (int frame = suspects.nextSetBit(0); frame >= 0; frame = suspects.nextSetBit(frame + 1)) {
      written.take(frame);
      for (TranslatedBlock block : cache.inPage(frame)) {
        if (!space.isCurrent(block)) {
          stats.invalidated++;
          cache.remove(block);
        }
      }
    }
  }

  private BitSet suspects() {
    BitSet found = new BitSet();
    for (long page : cache.pages()) {
      if (written.isNoted((int) page)) {
        found.set((int) page);
      }
    }
    return found;
  }
}
