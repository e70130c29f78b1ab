package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.memory.Ram;
import java.util.OptionalLong;

/**
 * Translates addresses by the page tables in RAM, and has physical memory protection agree (ISA
 * manual volume II, "Virtual Address Translation Process", with Svnapot, Svpbmt, Svade and Svadu).
 * What is at a physical address, if anything, is for the bus to say. For the hart's own thread.
 */
public final class PageWalker {
  static final long PAGE = 1L << Paging.PAGE_SHIFT;

  private static final int ENTRY_SIZE = 8;

  private static final long V = 1;
  private static final long R = 1 << 1;
  private static final long W = 1 << 2;
  private static final long X = 1 << 3;
  private static final long U = 1 << 4;
  private static final long G = 1 << 5;
  private static final long A = 1 << 6;
  private static final long D = 1 << 7;
  private static final int PPN_SHIFT = 10;
  private static final long PPN = (1L << 44) - 1;
  private static final long RESERVED = 0x7fL << 54;
  private static final int PBMT_SHIFT = 61;
  private static final long PBMT = 3L << PBMT_SHIFT;
  private static final long N = 1L << 63;

  /** What must be zero in an entry that points to the next table. */
  private static final long NOT_IN_POINTERS = U | A | D | PBMT | N;

  /** The only range of pages an entry with N can be part of: 16, told by the PPN's low bits. */
  private static final int NAPOT_BITS = 4;

  private static final long NAPOT_MASK = (1L << NAPOT_BITS) - 1;
  private static final long NAPOT_PATTERN = 1L << NAPOT_BITS - 1;

  private final PrivilegedState state;
  private final Ram ram;
  private TrapCause fault;
  private long entry;

  /** Whether entries that would have to be changed count as invalid. */
  private boolean changesNothing;

  public PageWalker(PrivilegedState state, Ram ram) {
    this.state = state;
    this.ram = ram;
  }

  /**
   * Translates an address for an access by the hart as it is: fetches with its privilege mode,
   * loads and stores as mstatus has it. Entries' A and D bits are set if that is enabled.
   *
   * @param bytes length of the access, at least 1, all of it in one page
   * @return null if {@code result} tells where it is; else what is to be raised
   */
  public TrapCause translate(long address, int bytes, AccessKind kind, Translation result) {
    Privilege privilege = kind == AccessKind.FETCH ? state.privilege() : state.dataPrivilege();
    return translate(address, bytes, kind, privilege, result);
  }

  /** Like the other one, for an access with a given privilege. */
  public TrapCause translate(
      long address, int bytes, AccessKind kind, Privilege privilege, Translation result) {
    long satp = state.satp();
    Paging paging = privilege == Privilege.MACHINE ? Paging.BARE : Paging.of(satp);
    if (paging == Paging.BARE) {
      result.physical = address;
      result.permissions = Permissions.ALL;
      result.user = false;
      result.global = false;
      result.pageSize = PAGE;
    } else if (!walk(paging, Paging.root(satp), address, kind, privilege, result)) {
      return fault;
    }
    return protect(bytes, kind, privilege, result);
  }

  /**
   * As {@link #translate(long, int, AccessKind, Translation)}, but entries are left as they are:
   * null only if the A and D bits are set already.
   */
  TrapCause translateAsIs(long address, int bytes, AccessKind kind, Translation result) {
    changesNothing = true;
    try {
      return translate(address, bytes, kind, result);
    } finally {
      changesNothing = false;
    }
  }

  /** Takes away what physical memory protection does not allow. */
  private TrapCause protect(int bytes, AccessKind kind, Privilege privilege, Translation result) {
    int allowed = state.pmp().permissions(result.physicalPage(), PAGE, privilege);
    result.wholePage = allowed != Pmp.PARTIAL;
    if (!result.wholePage) {
      allowed = state.pmp().permissions(result.physical, bytes, privilege);
      if (allowed == Pmp.PARTIAL) {
        allowed = 0;
      }
    }
    result.permissions &= allowed;
    return (allowed & kind.permission()) != 0 ? null : kind.accessFault();
  }

  /** False with {@link #fault} set if there is no translation. */
  private boolean walk(
      Paging paging,
      long root,
      long address,
      AccessKind kind,
      Privilege privilege,
      Translation result) {
    if (!paging.isCanonical(address)) {
      return fail(kind.pageFault());
    }
    long table = root;
    long global = 0;
    int level = paging.levels() - 1;
    while (level >= 0) {
      int shift = Paging.PAGE_SHIFT + Paging.LEVEL_SHIFT * level;
      long index = address >>> shift & (1 << Paging.LEVEL_SHIFT) - 1;
      long place = table + index * ENTRY_SIZE;
      if (!load(place, kind)) {
        return false;
      }
      long pte = entry;
      if (!isValid(pte)) {
        return fail(kind.pageFault());
      }
      global |= pte & G;
      if ((pte & (R | X)) == 0) {
        if ((pte & NOT_IN_POINTERS) != 0) {
          return fail(kind.pageFault());
        }
        table = (pte >>> PPN_SHIFT & PPN) << Paging.PAGE_SHIFT;
        level--;
        continue;
      }
      int permissions = permissions(pte, privilege);
      if (!isWellFormedLeaf(pte, level) || (permissions & kind.permission()) == 0) {
        return fail(kind.pageFault());
      }
      long wanted = pte | A | (kind == AccessKind.STORE ? D : 0);
      if (wanted != pte) {
        if (!update(place, pte, wanted, kind)) {
          if (fault != null) {
            return false;
          }
          continue; // Somebody changed the entry: it is looked at again.
        }
        pte = wanted;
      }
      int pageShift = pageShift(pte, shift);
      result.physical = physical(pte, pageShift, address);
      result.permissions = (pte & D) != 0 ? permissions : permissions & ~Permissions.WRITE;
      result.user = (pte & U) != 0;
      result.global = global != 0;
      result.pageSize = 1L << pageShift;
      return true;
    }
    return fail(kind.pageFault());
  }

  private static int pageShift(long pte, int shift) {
    return (pte & N) != 0 ? Paging.PAGE_SHIFT + NAPOT_BITS : shift;
  }

  private static long physical(long pte, int pageShift, long address) {
    long mask = (1L << pageShift) - 1;
    return (pte >>> PPN_SHIFT & PPN) << Paging.PAGE_SHIFT & ~mask | address & mask;
  }

  /**
   * Where an address of the hart's data is, by the page tables alone: nobody's rights count, and
   * nothing is changed.
   *
   * @return the physical address, empty if there is none
   */
  OptionalLong locate(long address) {
    long satp = state.satp();
    Paging paging = state.dataPrivilege() == Privilege.MACHINE ? Paging.BARE : Paging.of(satp);
    if (paging == Paging.BARE) {
      return OptionalLong.of(address);
    }
    if (!paging.isCanonical(address)) {
      return OptionalLong.empty();
    }
    long table = Paging.root(satp);
    for (int level = paging.levels() - 1; level >= 0; level--) {
      int shift = Paging.PAGE_SHIFT + Paging.LEVEL_SHIFT * level;
      long place = table + (address >>> shift & (1 << Paging.LEVEL_SHIFT) - 1) * ENTRY_SIZE;
      if (!ram.contains(place, ENTRY_SIZE) || !isValid(ram.getLong(place))) {
        return OptionalLong.empty();
      }
      long pte = ram.getLong(place);
      if ((pte & (R | X)) != 0) {
        return isWellFormedLeaf(pte, level)
            ? OptionalLong.of(physical(pte, pageShift(pte, shift), address))
            : OptionalLong.empty();
      }
      table = (pte >>> PPN_SHIFT & PPN) << Paging.PAGE_SHIFT;
    }
    return OptionalLong.empty();
  }

  private boolean fail(TrapCause cause) {
    fault = cause;
    return false;
  }

  /** What is neither V nor has a meaning is not valid. */
  private boolean isValid(long pte) {
    boolean types = (state.value(Csr.MENVCFG) & Environment.PBMTE) != 0;
    long reserved = types ? RESERVED : RESERVED | PBMT;
    return (pte & V) != 0 && (pte & (R | W)) != W && (pte & reserved) == 0;
  }

  /** Whether an entry that is no pointer can map what an entry at its level maps. */
  static boolean isWellFormedLeaf(long pte, int level) {
    long ppn = pte >>> PPN_SHIFT & PPN;
    boolean aligned = (ppn & (1L << Paging.LEVEL_SHIFT * level) - 1) == 0;
    // Above the lowest level no aligned page has such a number.
    boolean range = (ppn & NAPOT_MASK) == NAPOT_PATTERN;
    return aligned && (pte & PBMT) != PBMT && ((pte & N) == 0 || range);
  }

  /** What a leaf lets the privilege do, if its A and D bits agree. */
  private int permissions(long pte, Privilege privilege) {
    boolean user = (pte & U) != 0;
    long status = state.status();
    int permissions = (int) (pte >>> 1) & Permissions.ALL;
    if ((status & Status.MXR) != 0 && (pte & X) != 0) {
      permissions |= Permissions.READ;
    }
    if (privilege == Privilege.USER) {
      return user ? permissions : 0;
    }
    if (!user) {
      return permissions;
    }
    return (status & Status.SUM) != 0 ? permissions & ~Permissions.EXECUTE : 0;
  }

  /** Reads an entry into {@link #entry}. */
  private boolean load(long place, AccessKind kind) {
    if (!isAllowed(place, AccessKind.LOAD)) {
      return fail(kind.accessFault());
    }
    entry = ram.getLong(place);
    return true;
  }

  /** Sets bits of an entry; false without a {@link #fault} if the entry is another one by now. */
  private boolean update(long place, long pte, long wanted, AccessKind kind) {
    if (changesNothing || (state.value(Csr.MENVCFG) & Environment.ADUE) == 0) {
      return fail(kind.pageFault());
    }
    if (!isAllowed(place, AccessKind.STORE)) {
      return fail(kind.accessFault());
    }
    fault = null;
    return ram.compareAndSetLong(place, pte, wanted);
  }

  /** Whether the supervisor may access page tables there. They are in RAM. */
  private boolean isAllowed(long place, AccessKind kind) {
    return ram.contains(place, ENTRY_SIZE)
        && state.pmp().allows(place, ENTRY_SIZE, Privilege.SUPERVISOR, kind);
  }
}
