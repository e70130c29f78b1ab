package dev.isomorph.systemvm.hart;

/**
 * What a hart knows of one address space, or of what all address spaces have in common: some views
 * are kept from one space to the next as long as they hold nothing but global pages.
 */
abstract class View implements AutoCloseable {
  private long satp;
  private boolean hasLocals;

  /** Comes into use for an address space. */
  final void enter(long newSatp) {
    if (satp != newSatp) {
      if (hasLocals) {
        clear();
      }
      satp = newSatp;
    }
  }

  /** A page is entered. */
  final void note(Translation page) {
    hasLocals |= !page.isGlobal();
  }

  /** As {@link HartListener#fence}; one for a single space leaves global pages alone. */
  final void fence(boolean allAddresses, long address, int asid) {
    if (asid != HartListener.ALL_SPACES && (!hasLocals || Paging.asid(satp) != asid)) {
      return;
    }
    if (allAddresses) {
      clear();
    } else {
      forget(address);
    }
  }

  /** Forgets all. */
  final void clear() {
    hasLocals = false;
    forgetAll();
  }

  /** As {@link #clear}, and something else is seen by it from now on. */
  void vacate() {
    clear();
  }

  abstract void forgetAll();

  /** Forgets the page of an address. */
  abstract void forget(long address);

  @Override
  public abstract void close();
}
