package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.memory.Ram;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of virtual addresses that page tables map to as large a range of physical ones.
 *
 * @param flags bits 0 to 7 of the entries: V, R, W, X, U, G, A, D; and {@link #NAPOT}
 */
public record MappedRange(long virtual, long physical, long size, int flags) {
  /** They are translated as wholes of 64 KiB (Svnapot). */
  static final int NAPOT = 1 << 8;

  private static final String FLAGS = "vrwxugad";
  private static final int ENTRIES = 512;

  /** As many as an operating system has for all that a program could want: 128 GiB of pages. */
  private static final int MOST_TABLES = 1 << 16;

  private static final int LEAF = 0b1110;
  private static final int ALL_FLAGS = 0xff;
  private static final long NAPOT_BYTES = 1 << 16;
  private static final int PPN_SHIFT = 10;
  private static final long PPN = (1L << 44) - 1;

  /** Its flags as letters, a dash for those that are clear; an n behind them for {@link #NAPOT}. */
  public String attributes() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < FLAGS.length(); i++) {
      text.append((flags >>> i & 1) != 0 ? FLAGS.charAt(i) : '-');
    }
    return text.append((flags & NAPOT) != 0 ? "n" : "").toString();
  }

  private MappedRange with(MappedRange next) {
    return new MappedRange(virtual, physical, size + next.size, flags);
  }

  private boolean goesOnIn(MappedRange next) {
    return next.virtual == virtual + size
        && next.physical == physical + size
        && next.flags == flags;
  }

  /**
   * What the page tables map, by address.
   *
   * @param satp names the tables; with no paging there are none
   * @param most ranges to look for
   */
  public static List<MappedRange> of(long satp, Ram ram, int most) {
    Paging paging = Paging.of(satp);
    if (paging == null || paging == Paging.BARE) {
      return List.of();
    }
    Search search = new Search(ram, paging, most);
    search.lookInto(Paging.root(satp), paging.levels() - 1, 0);
    return search.found;
  }

  private static final class Search {
    private final List<MappedRange> found = new ArrayList<>();
    private final Ram ram;

    /** Bits of addresses that are not translated. */
    private final int unused;

    private final int most;

    /** A guest's tables may be parts of each other, and then there is no end of them. */
    private int tablesLeft = MOST_TABLES;

    Search(Ram ram, Paging paging, int most) {
      this.ram = ram;
      this.most = most;
      unused = Long.SIZE - Paging.PAGE_SHIFT - Paging.LEVEL_SHIFT * paging.levels();
    }

    void lookInto(long table, int level, long start) {
      tablesLeft--;
      int shift = Paging.PAGE_SHIFT + Paging.LEVEL_SHIFT * level;
      for (int i = 0; i < ENTRIES && found.size() < most; i++) {
        long place = table + (long) i * Long.BYTES;
        long entry = ram.contains(place, Long.BYTES) ? ram.getLong(place) : 0;
        long address = start | (long) i << shift;
        long target = (entry >>> PPN_SHIFT & PPN) << Paging.PAGE_SHIFT;
        boolean isLeaf = (entry & LEAF) != 0;
        if ((entry & 1) == 0 || isLeaf && !PageWalker.isWellFormedLeaf(entry, level)) {
          continue;
        }
        if (isLeaf) {
          int flags = (int) entry & ALL_FLAGS;
          if (entry < 0) {
            flags |= NAPOT;
            target = target & -NAPOT_BYTES | address & NAPOT_BYTES - 1;
          }
          append(new MappedRange(address << unused >> unused, target, 1L << shift, flags));
        } else if (level > 0 && tablesLeft > 0) {
          lookInto(target, level - 1, address);
        }
      }
    }

    private void append(MappedRange next) {
      if (!found.isEmpty() && found.getLast().goesOnIn(next)) {
        found.set(found.size() - 1, found.getLast().with(next));
      } else {
        found.add(next);
      }
    }
  }
}
