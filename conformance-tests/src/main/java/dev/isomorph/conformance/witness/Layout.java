package dev.isomorph.conformance.witness;

import static dev.isomorph.conformance.golden.SparseMemory.Access.EXECUTE;
import static dev.isomorph.conformance.golden.SparseMemory.Access.READ;
import static dev.isomorph.conformance.golden.SparseMemory.Access.WRITE;

import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is mapped in the memory of every scenario. Between the regions lie holes, so that accesses
 * can cross from any kind of page to any other.
 */
public final class Layout {
  /** Number of guest addresses. */
  public static final long WINDOW = 1L << 38;

  /** First address of the code. */
  public static final long CODE = 0x10000;

  /** Bytes of code; what a scenario leaves free is filled with {@link #FILLER}. */
  public static final int CODE_SIZE = 0x10000;

  /** c.ebreak: wherever control gets to, it stops. */
  public static final short FILLER = (short) 0x9002;

  /** First address of two pages that may be read and written. */
  public static final long DATA = 0x40000;

  /** A region of pages with equal rights. */
  public record Region(long address, int length, Set<Access> rights) {
    long end() {
      return address + length;
    }
  }

  private static final int PAGE = SparseMemory.PAGE;

  /** All regions, by address. */
  public static final List<Region> REGIONS =
      List.of(
          new Region(CODE, CODE_SIZE, EnumSet.of(READ, EXECUTE)),
          new Region(DATA, 2 * PAGE, EnumSet.of(READ, WRITE)),
          new Region(DATA + 3 * PAGE, PAGE, EnumSet.of(READ)),
          new Region(DATA + 4 * PAGE, PAGE, EnumSet.of(READ, WRITE)),
          new Region(DATA + 5 * PAGE, PAGE, EnumSet.of(READ)),
          new Region(WINDOW - PAGE, PAGE, EnumSet.of(READ, WRITE)));

  private Layout() {}

  /** Whether the whole range lies in a region with that right, or in adjacent ones. */
  public static boolean allows(long address, long length, Access access) {
    long at = address;
    for (Region region : REGIONS) {
      if (region.rights().contains(access) && at >= region.address() && at < region.end()) {
        at = region.end();
      }
    }
    return at != address && at - address >= length;
  }

  /** A memory with the regions mapped and zero. */
  public static SparseMemory newMemory() {
    SparseMemory memory = new SparseMemory();
    for (Region region : REGIONS) {
      memory.map(region.address(), region.length(), region.rights());
    }
    for (long address = CODE; address < CODE + CODE_SIZE; address += 2) {
      memory.poke(address, 2, FILLER);
    }
    return memory;
  }
}
