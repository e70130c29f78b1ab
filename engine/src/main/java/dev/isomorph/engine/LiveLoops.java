package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * The loops that have a region of their code alone, for as long as it is in use: to look for those
 * around an address anew takes milliseconds.
 */
final class LiveLoops {
  private final List<Loop> loops = new ArrayList<>();

  private record Loop(TranslatedBlock region, int mode) {}

  /** The region of a loop has been installed. */
  void add(TranslatedBlock region, int mode) {
    loops.add(new Loop(region, mode));
  }

  /** How many loops an instruction is part of that have a region. */
  int around(long pc, int mode) {
    int count = 0;
    int kept = 0;
    for (int i = 0; i < loops.size(); i++) {
      Loop loop = loops.get(i);
      if (loop.region().isLive()) {
        loops.set(kept++, loop);
        count += loop.mode() == mode && loop.region().overlaps(pc, pc + 1) ? 1 : 0;
      }
    }
    loops.subList(kept, loops.size()).clear();
    return count;
  }
}
