package dev.isomorph.systemvm.hart;

import dev.isomorph.hostbackend.lower.Tlb;
import dev.isomorph.hostbackend.lower.Zones;

/** The data that a hart sees in one address space with one set of rights. */
final class DataView extends View {
  private final Tlb tlb;
  private final LargePages large = new LargePages();

  /**
   * @param zones where pages may have aliases
   */
  DataView(Zones zones) {
    tlb = new Tlb(zones);
  }

  Tlb tlb() {
    return tlb;
  }

  /**
   * Pages next to each other may have aliases.
   *
   * @param address of the first
   * @param hosts as {@link Tlb#alias} takes them
   * @return whether they have
   */
  boolean alias(long address, long[] hosts) {
    return tlb.alias(address, hosts);
  }

  /** A page is there that is not entered itself. */
  void noteAlias(long address, Translation page) {
    note(page);
    large.note(address, page.pageSize());
  }

  /**
   * Enters a page.
   *
   * @param host host address of the page
   */
  void fill(long address, Translation page, long host, boolean stores) {
    noteAlias(address, page);
    boolean loads = (page.permissions() & Permissions.READ) != 0;
    tlb.fill(address, host, loads, stores);
  }

  @Override
  void forget(long address) {
    if (large.contains(address)) {
      clear();
    } else {
      tlb.forget(address);
    }
  }

  @Override
  void vacate() {
    clear();
    tlb.vacate();
  }

  @Override
  void forgetAll() {
    tlb.clear();
    large.clear();
  }

  @Override
  public void close() {
    tlb.close();
  }
}
