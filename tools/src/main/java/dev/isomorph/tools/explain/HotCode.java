package dev.isomorph.tools.explain;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.Retranslation;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A translation and the time that was spent in it. */
final class HotCode {
  private final TranslatedBlock block;

  /** Null for a block. */
  private final RegionOutline outline;

  private final int counter;
  private final TreeMap<Integer, Long> times = new TreeMap<>();
  private boolean isGivenUp;
  private Retranslation retranslation;

  private HotCode(TranslatedBlock block, RegionOutline outline, int counter) {
    this.block = block;
    this.outline = outline;
    this.counter = counter;
  }

  static HotCode block(TranslatedBlock block) {
    return new HotCode(block, null, 0);
  }

  static HotCode region(TranslatedBlock region, RegionOutline outline, int counter) {
    return new HotCode(region, outline, counter);
  }

  void add(Map<Integer, Long> more) {
    more.forEach((offset, time) -> times.merge(offset, time, Long::sum));
  }

  void giveUp() {
    isGivenUp = true;
  }

  boolean isGivenUp() {
    return isGivenUp;
  }

  boolean isRegion() {
    return outline != null;
  }

  String kind() {
    return isRegion() ? "region" : "block";
  }

  long pc() {
    return block.pc();
  }

  TranslatedBlock block() {
    return block;
  }

  /** In nanoseconds. */
  long time() {
    return times.values().stream().mapToLong(Long::longValue).sum();
  }

  /** In nanoseconds, by the offset of the host instruction that was next. */
  TreeMap<Integer, Long> times() {
    return times;
  }

  /** How it came about. */
  Retranslation retranslation(Stubs stubs) {
    if (retranslation == null) {
      retranslation =
          isRegion()
              ? Retranslation.of(outline, counter, block, stubs)
              : Retranslation.of(block, stubs);
    }
    return retranslation;
  }

  /** The number of the guest instruction that a host instruction is for. */
  static int instructionAt(List<CodeMap.Part> parts, int offset) {
    return parts.get(partAt(parts, offset)).instruction();
  }

  /** The index of the part that an offset is in. */
  static int partAt(List<CodeMap.Part> parts, int offset) {
    int index = 0;
    while (index + 1 < parts.size() && parts.get(index + 1).offset() <= offset) {
      index++;
    }
    return index;
  }
}
