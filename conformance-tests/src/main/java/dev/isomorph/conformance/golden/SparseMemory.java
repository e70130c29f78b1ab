package dev.isomorph.conformance.golden;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Memory as single bytes on pages that are mapped or not, with rights. */
public final class SparseMemory {
  /** Bytes of a page. */
  public static final int PAGE = 4096;

  /** The ways to access memory. */
  public enum Access {
    READ,
    WRITE,
    EXECUTE
  }

  private static final class Page {
    private final byte[] bytes = new byte[PAGE];
    private final Set<Access> rights;
    private boolean written;

    private Page(Set<Access> rights) {
      this.rights = rights;
    }
  }

  private final Map<Long, Page> pages = new HashMap<>();

  /** Maps whole pages of zeros. */
  public void map(long address, long length, Set<Access> rights) {
    if (address % PAGE != 0 || length % PAGE != 0) {
      throw new IllegalArgumentException("not whole pages");
    }
    for (long page = address / PAGE; page < (address + length) / PAGE; page++) {
      pages.put(page, new Page(EnumSet.copyOf(rights)));
    }
  }

  /** Whether the byte may be accessed so. */
  public boolean allows(long address, Access access) {
    Page page = pages.get(Math.floorDiv(address, PAGE));
    return page != null && page.rights.contains(access);
  }

  /** Reads little-endian bytes, zero-extended, whatever the rights; all must be mapped. */
  public long peek(long address, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | page(address + i).bytes[offset(address + i)] & 0xff;
    }
    return value;
  }

  /** Writes little-endian bytes, whatever the rights; all must be mapped. */
  public void poke(long address, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      Page page = page(address + i);
      page.bytes[offset(address + i)] = (byte) (value >>> 8 * i);
      page.written = true;
    }
  }

  /** Overwrites a page by the bytes of {@code contents} from {@code offset} on. */
  public void fill(long pageAddress, byte[] contents, int offset) {
    Page page = page(pageAddress);
    System.arraycopy(contents, offset, page.bytes, 0, PAGE);
    page.written = false;
  }

  /** Whether a page may have changed since it was last filled. */
  public boolean written(long pageAddress) {
    return page(pageAddress).written;
  }

  /** Copies a page to {@code destination} from {@code offset} on. */
  public void copy(long pageAddress, byte[] destination, int offset) {
    System.arraycopy(page(pageAddress).bytes, 0, destination, offset, PAGE);
  }

  private Page page(long address) {
    return pages.get(Math.floorDiv(address, PAGE));
  }

  private static int offset(long address) {
    return Math.floorMod(address, PAGE);
  }
}
