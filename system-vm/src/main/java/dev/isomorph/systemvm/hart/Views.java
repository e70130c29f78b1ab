package dev.isomorph.systemvm.hart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The views of one kind that a hart has had lately, by address space and rights, so that it finds
 * them again when it comes back. The one that was used longest ago makes room for another.
 */
final class Views<V extends View> implements AutoCloseable {
  /** How addresses are translated at all, as satp has it. */
  private static final long MODE = 0xfL << 60;

  /** A view and what it is one of. */
  private final class Entry {
    final V view;
    long space;
    int rights;

    Entry(V view) {
      this.view = view;
    }
  }

  private final int most;
  private final Supplier<V> maker;

  /** The one used last comes first. */
  private final List<Entry> entries = new ArrayList<>();

  Views(int most, Supplier<V> maker) {
    this.most = most;
    this.maker = maker;
  }

  /**
   * The view of an address space with certain rights.
   *
   * @param mostlyGlobal whether what can be seen with these rights is mostly the same in all
   *     address spaces, so that one view serves all
   */
  V find(long satp, int rights, boolean mostlyGlobal) {
    long space = mostlyGlobal ? satp & MODE : satp;
    Entry entry = entry(space, rights);
    entry.view.enter(satp);
    return entry.view;
  }

  private Entry entry(long space, int rights) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.space == space && entry.rights == rights) {
        if (i > 0) {
          entries.remove(i);
          entries.addFirst(entry);
        }
        return entry;
      }
    }
    Entry entry = entries.size() < most ? new Entry(maker.get()) : entries.removeLast();
    entry.view.vacate();
    entry.space = space;
    entry.rights = rights;
    entries.addFirst(entry);
    return entry;
  }

  /** As {@link HartListener#fence}. */
  void fence(boolean allAddresses, long address, int asid) {
    for (Entry entry : entries) {
      entry.view.fence(allAddresses, address, asid);
    }
  }

  @Override
  public void close() {
    for (Entry entry : entries) {
      entry.view.close();
    }
  }
}
