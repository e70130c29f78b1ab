package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Set;
import java.util.TreeSet;

/** Which branches become selections. */
final class Selections {
  private final Set<Long> kept;
  private final Set<Long> made = new TreeSet<>();

  /**
   * @param kept guest addresses of branches that stay what they are
   */
  Selections(Set<Long> kept) {
    this.kept = kept;
  }

  /** Whether a branch may become one. */
  boolean mayBe(IrBlock block, int branch) {
    return kept.isEmpty() || !kept.contains(block.pcOf(branch));
  }

  /** A branch has become one. */
  void note(IrBlock block, int branch) {
    made.add(block.pcOf(branch));
  }

  /** Guest addresses of those that have. */
  Set<Long> made() {
    return made;
  }
}
