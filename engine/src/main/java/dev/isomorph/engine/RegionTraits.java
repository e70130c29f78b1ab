package dev.isomorph.engine;

import dev.isomorph.translator.lift.Entrance;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.List;

/**
 * What has to be known of a region once it is in use, to tell it from others and for when it is
 * given up.
 *
 * @param first the lowest guest address of a part of it, as the guest has them
 * @param shape what tells it from others that start there, as {@link RegionOutline#shape}
 * @param hasCopies whether its code may run elsewhere, too
 * @param hasChoices whether indirect jumps or calls stay inside
 * @param isBusy whether it is made for being entered often
 * @param checksValues whether it is entered only with certain values in registers
 * @param indirectCalls guest addresses of those of them that are calls
 */
record RegionTraits(
    long first,
    int shape,
    boolean hasCopies,
    boolean hasChoices,
    boolean isBusy,
    boolean checksValues,
    List<Long> indirectCalls) {
  static RegionTraits of(RegionOutline outline, CompiledRegion region) {
    return new RegionTraits(
        outline.nodes().getFirst().pc(),
        outline.shape(),
        outline.hasCopies(),
        outline.hasChoices(),
        outline.isFunction() || outline.entrance() == Entrance.BUSY,
        region.checksValues(),
        outline.indirectCalls());
  }
}
