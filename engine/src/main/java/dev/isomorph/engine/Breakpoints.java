package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import java.util.Arrays;
import java.util.Collection;

/**
 * The addresses before which guest code is to stop. Every block that has one of these instructions
 * begins with it, and is never entered: so nothing is ever linked to it, and emitted code comes to
 * the dispatcher by itself.
 */
final class Breakpoints {
  /** In order. */
  private volatile long[] addresses = {};

  /** For who has the turn; other threads may be looking. */
  void set(Collection<Long> newAddresses) {
    addresses = newAddresses.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  boolean isEmpty() {
    return addresses.length == 0;
  }

  boolean isAt(long pc) {
    long[] now = addresses;
    return now.length > 0 && Arrays.binarySearch(now, pc) >= 0;
  }

  /** Whether a block has one of the instructions. */
  boolean isIn(TranslatedBlock block) {
    for (long pc : block.pcs()) {
      if (isAt(pc)) {
        return true;
      }
    }
    return false;
  }
}
