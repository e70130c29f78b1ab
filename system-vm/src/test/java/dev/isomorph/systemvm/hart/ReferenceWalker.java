package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.memory.Ram;

/**
 * The address translation process of the manual, step by step, by a hart whose registers are given
 * as fields.
 */
final class ReferenceWalker {
  boolean sum;
  boolean mxr;
  boolean pbmte;
  boolean adue;
  ReferencePmp pmp = new ReferencePmp();
  Ram ram;

  /** The outcome: a physical address, or a fault. */
  long physical;

  /** The entry the address was translated by, as it is in memory now. */
  long leaf;

  boolean global;
  int level;

  static boolean bit(long value, int index) {
    return (value >>> index & 1) != 0;
  }

  /** Null if {@link #physical} is the address. */
  TrapCause translate(int levels, long rootPage, long va, AccessKind kind, Privilege privilege) {
    TrapCause pageFault =
        switch (kind) {
          case FETCH -> TrapCause.FETCH_PAGE_FAULT;
          case LOAD -> TrapCause.LOAD_PAGE_FAULT;
          case STORE -> TrapCause.STORE_PAGE_FAULT;
        };
    TrapCause accessFault =
        switch (kind) {
          case FETCH -> TrapCause.FETCH_ACCESS_FAULT;
          case LOAD -> TrapCause.LOAD_ACCESS_FAULT;
          case STORE -> TrapCause.STORE_ACCESS_FAULT;
        };
    int width = 12 + 9 * levels;
    for (int i = width; i < 64; i++) {
      if (bit(va, i) != bit(va, width - 1)) {
        return pageFault;
      }
    }
    global = false;
    long a = rootPage * 4096;
    int i = levels - 1;
    long pte;
    while (true) {
      long vpn = va >>> 12 + 9 * i & 511;
      long at = a + vpn * 8;
      if (!ram.contains(at, 8) || !pmp.succeeds(at, 8, Privilege.SUPERVISOR, AccessKind.LOAD)) {
        return accessFault;
      }
      pte = ram.getLong(at);
      boolean r = bit(pte, 1);
      boolean w = bit(pte, 2);
      boolean x = bit(pte, 3);
      boolean pointer = !r && !w && !x;
      long pbmt = pte >>> 61 & 3;
      boolean n = bit(pte, 63);
      if (!bit(pte, 0) || w && !r || (pte >>> 54 & 127) != 0 || pbmt != 0 && !pbmte) {
        return pageFault;
      }
      global |= bit(pte, 5);
      long ppn = pte << 10 >>> 20;
      if (pointer) {
        if (bit(pte, 4) || bit(pte, 6) || bit(pte, 7) || pbmt != 0 || n || i == 0) {
          return pageFault;
        }
        i--;
        a = ppn * 4096;
        continue;
      }
      if (pbmt == 3 || n && (i != 0 || (ppn & 15) != 8)) {
        return pageFault;
      }
      if (i > 0 && ppn % (1L << 9 * i) != 0) {
        return pageFault;
      }
      boolean u = bit(pte, 4);
      if (privilege == Privilege.USER && !u) {
        return pageFault;
      }
      if (privilege == Privilege.SUPERVISOR && u && (kind == AccessKind.FETCH || !sum)) {
        return pageFault;
      }
      boolean permitted =
          switch (kind) {
            case FETCH -> x;
            case LOAD -> r || mxr && x;
            case STORE -> w;
          };
      if (!permitted) {
        return pageFault;
      }
      if (!bit(pte, 6) || kind == AccessKind.STORE && !bit(pte, 7)) {
        if (!adue) {
          return pageFault;
        }
        if (!pmp.succeeds(at, 8, Privilege.SUPERVISOR, AccessKind.STORE)) {
          return accessFault;
        }
        pte |= 1 << 6;
        if (kind == AccessKind.STORE) {
          pte |= 1 << 7;
        }
        ram.putLong(at, pte);
      }
      int kept = n ? 4 : 9 * i;
      long page = ppn >> kept << kept | (va >>> 12) % (1L << kept);
      physical = page * 4096 + (va & 4095);
      leaf = pte;
      level = i;
      return null;
    }
  }
}
