package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.MovableCode;
import dev.isomorph.translator.lift.AddressUse;
import dev.isomorph.translator.lift.CodeSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Translations of a machine's code for another virtual address than before: programs and libraries
 * are mapped somewhere else each time they are started. When code of a frame is translated for a
 * second address, what differs tells how to do without translation from then on.
 */
final class MovedCode {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_OFFSET = (1 << PAGE_SHIFT) - 1;

  /** What is remembered at most, in blocks and in bytes; beyond that all is forgotten. */
  private static final int MOST = 1 << 18;

  private static final int MOST_BYTES = 96 << 20;

  private final CodeCache cache;
  private final GuestSpace space;

  /** By frame, place in it and mode, the last translation. */
  private final Map<Long, TranslatedBlock> lasts = new HashMap<>();

  private final Map<Long, Template> templates = new HashMap<>();

  /** Of the templates' code. */
  private int bytes;

  /** A block that can be made for any address. */
  private record Template(TranslatedBlock block, int[] encodings, MovableCode code, int[] faults) {}

  MovedCode(CodeCache cache, GuestSpace space) {
    this.cache = cache;
    this.space = space;
  }

  private static long key(long pc, int mode) {
    return (long) mode << PAGE_SHIFT | pc & PAGE_OFFSET;
  }

  /** The translation for an address, null if it has to be made. */
  TranslatedBlock find(long pc, int mode) {
    Template template = AddressUse.isMovable(pc) ? templates.get(key(pc, mode)) : null;
    if (template == null) {
      return null;
    }
    MappedCode code = space.code(pc, mode);
    long distance = pc - template.block.pc();
    long[] pcs = template.block.pcs();
    for (int i = 0; i < pcs.length; i++) {
      pcs[i] += distance;
    }
    if (!isCurrent(template, code, pcs)) {
      bytes -= templates.remove(key(pc, mode)).code.length();
      return null;
    }
    byte[] moved = template.code.at(pc, cache.reserve());
    return cache.install(
        pcs, template.encodings, mode, code.pages(), moved, moved.length, template.faults);
  }

  private static boolean isCurrent(Template template, CodeSource code, long[] pcs) {
    for (int i = 0; i < pcs.length; i++) {
      if (!code.holds(pcs[i], template.encodings[i])) {
        return false;
      }
    }
    return true;
  }

  /** A translation has been made, which {@code made} still holds. */
  void add(TranslatedBlock block, int[] encodings, BlockCompiler made, int[] faults) {
    if (lasts.size() >= MOST) {
      lasts.values().removeIf(old -> !old.isLive());
    }
    if (lasts.size() >= MOST || bytes >= MOST_BYTES) {
      lasts.clear();
      templates.clear();
      bytes = 0;
    }
    long key = key(block.pc(), block.mode());
    TranslatedBlock last = lasts.put(key, block);
    if (last == null
        || !last.isLive()
        || !AddressUse.isMovable(block.pc())
        || !AddressUse.isMovable(last.pc())
        || !isOfTheSame(last, block, encodings)
        || !AddressUse.isLinear(encodings)) {
      return;
    }
    byte[] other = new byte[last.length()];
    HostMemory.copyOut(last.address(), other, 0, other.length);
    MovableCode code =
        MovableCode.of(made, block.pc(), block.address(), other, last.pc(), last.address());
    if (code != null) {
      Template before = templates.put(key, new Template(block, encodings, code, faults));
      bytes += code.length() - (before == null ? 0 : before.code.length());
    }
  }

  /** Whether two blocks are of the same instructions in the same places. */
  private static boolean isOfTheSame(TranslatedBlock one, TranslatedBlock other, int[] encodings) {
    if (one.pageCount() != 1 || !Arrays.equals(one.encodings(), encodings)) {
      return false;
    }
    long[] pcs = one.pcs();
    long[] others = other.pcs();
    long distance = other.pc() - one.pc();
    boolean same = true;
    for (int i = 0; i < pcs.length && same; i++) {
      same = others[i] - pcs[i] == distance;
    }
    return same;
  }
}
