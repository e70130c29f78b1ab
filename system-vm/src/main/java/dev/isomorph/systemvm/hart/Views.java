package dev.isomorph.systemvm.hart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The views of one kind that a hart has had lately, by address space and rights, so that it finds
 * them again when it comes back. The one that was used longest ago makes room for another.
 */
final class Views<V> {
  /** A view and what it is one of. */
  private final class Entry {
    final V view;
    long satp;
    int rights;

    Entry(V view) {
      this.view = view;
    }
  }

  private final int most;
  private final Supplier<V> maker;
  private final Consumer<V> clearing;

  /** The one used last comes first. */
  private final List<Entry> entries = new ArrayList<>();

  Views(int most, Supplier<V> maker, Consumer<V> clearing) {
    this.most = most;
    this.maker = maker;
    this.clearing = clearing;
  }

  /** The view of an address space with certain rights, empty if it is not known. */
  V find(long satp, int rights) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.satp == satp && entry.rights == rights) {
        if (i > 0) {
          entries.remove(i);
          entries.addFirst(entry);
        }
        return entry.view;
      }
    }
    Entry entry = entries.size() < most ? new Entry(maker.get()) : entries.removeLast();
    clearing.accept(entry.view);
    entry.satp = satp;
    entry.rights = rights;
    entries.addFirst(entry);
    return entry.view;
  }

  /** Does something to all views. */
  void all(Consumer<V> action) {
    entries.forEach(entry -> action.accept(entry.view));
  }

  /** Does something to the views of an address space, or to all. */
  void of(int asid, Consumer<V> action) {
    for (Entry entry : entries) {
      if (asid == HartListener.ALL_SPACES || Paging.asid(entry.satp) == asid) {
        action.accept(entry.view);
      }
    }
  }
}
