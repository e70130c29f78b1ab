package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.PageMap;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.RegionFields;
import dev.isomorph.translator.ir.IrBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Installs translations that a {@link TranslationStore} has, and those they jump to directly, and
 * links them all: what has been run once is likely to be run again.
 */
final class Reviver {
  /** Blocks installed at once; others wait for it. */
  private static final int MOST = 2048;

  private final TranslationStore store;
  private final CodeCache cache;
  private final GuestCode code;
  private final EngineStats stats;

  /** An address in the stubs: where code lies counts from here. */
  private final long base;

  private final byte[] bytes = new byte[CodeCache.MAX_BLOCK];

  /** Guest pcs of blocks that may be there; some more than once. */
  private long[] wanted = new long[64];

  private int wantedCount;
  private final List<TranslatedBlock> revived = new ArrayList<>();

  /** For each block of {@link #revived}, where the data of its links is, and where they go. */
  private final List<long[]> links = new ArrayList<>();

  /** Who has regions in use; null where there are none. */
  private Regions regions;

  /** Who has regions in use. */
  interface Regions {
    /** By which of the entry counters the next one is counted. */
    int nextCounter();

    /** A region that was kept is in use again, which counts by that. */
    void revived(TranslatedBlock region, RegionTraits traits);

    /** A region has been given up before. */
    void refused(int mode, RegionTraits traits);
  }

  Reviver(TranslationStore store, CodeCache cache, GuestCode code, EngineStats stats, long base) {
    this.store = store;
    this.cache = cache;
    this.code = code;
    this.stats = stats;
    this.base = base;
  }

  /** Keeps a translation that has just been compiled for host address {@code origin}. */
  void keep(IrBlock source, int mode, BlockCompiler compiler, long origin) {
    TranslationRecord.Code code = TranslationRecord.Code.of(compiler, compiler.code());
    store.add(mode, source.pcs(), source.encodings(), code, (int) (origin - base));
  }

  /** From now on regions are revived, too. */
  void reviveRegions(Regions user) {
    regions = user;
  }

  /** Keeps a region that has just been compiled for host address {@code origin}. */
  void keep(
      CompiledRegion region,
      RegionTraits traits,
      int mode,
      BlockCompiler compiler,
      RegionFields fields,
      long origin) {
    byte[] record = RegionRecord.bytes(traits, fields, region.code().states());
    if (record == null) {
      return;
    }
    byte[] code = Arrays.copyOf(compiler.code(), compiler.codeLength());
    fields.move(code, -origin, 0);
    store.addRegion(
        mode,
        region.source().pcs(),
        region.source().encodings(),
        TranslationRecord.Code.of(compiler, code),
        (int) (origin - base),
        record);
  }

  /** A region is not to be used again. */
  void forget(TranslatedBlock region, int mode) {
    store.forgetRegion(region.pc(), mode);
  }

  /** A region has been found not to be worth it. */
  void refuse(TranslatedBlock region, RegionTraits traits, int mode) {
    forget(region, mode);
    store.addRegion(
        mode,
        region.pcs(),
        region.encodings(),
        TranslationRecord.Code.NONE,
        0,
        RegionRecord.refusal(traits));
  }

  /** Whether the store has a translation, current or not. */
  boolean has(long pc, int mode) {
    return store.find(pc, mode) != 0 || regions != null && store.findRegion(pc, mode) != 0;
  }

  /**
   * The block of that pc and mode, installed, and with it those it leads to while the cache has
   * room for all there is; null if the store has none that is current.
   */
  TranslatedBlock revive(long pc, int mode) {
    code.refresh();
    long evictions = cache.evictions();
    TranslatedBlock first = install(pc, mode);
    while (wantedCount > 0 && revived.size() < MOST && cache.evictions() == 0) {
      long next = wanted[--wantedCount];
      if (cache.find(next, mode) == null) {
        install(next, mode);
      }
    }
    wantedCount = 0;
    if (cache.evictions() == evictions) {
      link();
    }
    revived.clear();
    links.clear();
    // An eviction may have taken it already, if the cache is very small.
    return first == null || first.isLive() ? first : null;
  }

  /** Installs the region of that pc and mode, or else the block. */
  private TranslatedBlock install(long pc, int mode) {
    long region = regions == null ? 0 : store.findRegion(pc, mode);
    if (region != 0 && isCurrent(region)) {
      RegionRecord more = TranslationRecord.region(region);
      if (!more.isRefusal()) {
        return installRegion(region, more, pc, mode);
      }
      TranslationRecord.used(region, true);
      regions.refused(mode, more.traits());
    }
    long block = store.find(pc, mode);
    return block != 0 && isCurrent(block) ? installBlock(block, mode) : null;
  }

  private TranslatedBlock installRegion(long record, RegionRecord more, long pc, int mode) {
    long origin = cache.reserve();
    TranslationRecord.Code kept = TranslationRecord.code(record, bytes, (int) (base - origin));
    more.fields().move(bytes, origin, regions.nextCounter());
    int count = TranslationRecord.instructionCount(record);
    long[] pcs = new long[count];
    int[] encodings = new int[count];
    TranslationRecord.instructions(record, pcs, encodings);
    // In a process the host enters a region where the guest does: at its start.
    TranslatedBlock region =
        cache.install(
            pcs,
            encodings,
            pc,
            mode,
            PageMap.BY_ADDRESS,
            kept.bytes(),
            0,
            kept.length(),
            kept.faultMap(),
            more.states(count));
    TranslationRecord.used(record, true);
    stats.regionsRevived++;
    revived.add(region);
    links.add(linksOf(kept, origin));
    regions.revived(region, more.traits());
    return region;
  }

  private TranslatedBlock installBlock(long record, int mode) {
    long origin = cache.reserve();
    TranslationRecord.Code kept = TranslationRecord.code(record, bytes, (int) (base - origin));
    int count = TranslationRecord.instructionCount(record);
    long[] pcs = new long[count];
    int[] encodings = new int[count];
    TranslationRecord.instructions(record, pcs, encodings);
    TranslatedBlock block =
        cache.install(pcs, encodings, mode, kept.bytes(), kept.length(), kept.faultMap());
    TranslationRecord.used(record, true);
    stats.revived++;
    revived.add(block);
    links.add(linksOf(kept, origin));
    return block;
  }

  private boolean isCurrent(long record) {
    try {
      return TranslationRecord.isCurrent(record, code);
    } catch (InternalError gone) {
      return false; // The file it was mapped from has become shorter.
    }
  }

  /** Pairs of host address of the data and guest pc; the latter are wanted from now on. */
  private long[] linksOf(TranslationRecord.Code kept, long origin) {
    int n = kept.links().length;
    long[] pairs = new long[2 * n];
    for (int i = 0; i < n; i++) {
      long target = TranslationRecord.getLong(kept.bytes(), kept.links()[i]);
      pairs[2 * i] = origin + kept.links()[i];
      pairs[2 * i + 1] = target;
      if (wantedCount == wanted.length) {
        wanted = Arrays.copyOf(wanted, 2 * wantedCount);
      }
      wanted[wantedCount++] = target;
    }
    return pairs;
  }

  private void link() {
    for (int i = 0; i < links.size(); i++) {
      int mode = revived.get(i).mode();
      long[] pairs = links.get(i);
      for (int k = 0; k < pairs.length; k += 2) {
        TranslatedBlock target = cache.find(pairs[k + 1], mode);
        if (target != null) {
          cache.link(pairs[k], target);
        }
      }
    }
  }
}
