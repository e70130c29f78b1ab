package dev.isomorph.systemvm.hart;

import dev.isomorph.hostbackend.lower.Tlb;

/** The data that a hart sees in one address space with one set of rights. */
final class DataView extends View {
  private final Tlb tlb = new Tlb();
  private final LargePages large = new LargePages();

  Tlb tlb() {
    return tlb;
  }

  /**
   * Enters a page.
   *
   * @param host host address of the page
   */
  void fill(long address, Translation page, long host, boolean stores) {
    note(page);
    large.note(address, page.pageSize());
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
  void forgetAll() {
    tlb.clear();
    large.clear();
  }

  @Override
  public void close() {
    tlb.close();
  }
}
