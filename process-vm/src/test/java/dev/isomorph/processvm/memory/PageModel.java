package dev.isomorph.processvm.memory;

import dev.isomorph.processvm.Errno;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an address space should hold, said page by page: the obvious way, with no areas to split and
 * merge. Placement is left to the implementation; the model only learns where things went.
 */
final class PageModel {
  static final long PAGE = AddressSpace.PAGE;

  /** Attributes of a page and the number stored in its first eight bytes. */
  record Page(int protection, int flags, MappedFile file, long offset, long content) {
    boolean continuedBy(Page next) {
      return protection == next.protection
          && flags == next.flags
          && (file == null
              ? next.file == null
              : file.equals(next.file) && offset + PAGE == next.offset);
    }

    Page protectedAs(int newProtection) {
      return new Page(newProtection, flags, file, offset, content);
    }

    Page with(long newContent) {
      return new Page(protection, flags, file, offset, newContent);
    }
  }

  final TreeMap<Long, Page> pages = new TreeMap<>();

  boolean isFree(long start, long length) {
    return pages.subMap(start, start + length).isEmpty();
  }

  void map(long start, long length, Page first) {
    for (long at = 0; at < length; at += PAGE) {
      pages.put(
          start + at,
          new Page(
              first.protection,
              first.flags,
              first.file,
              first.file == null ? 0 : first.offset + at,
              first.file == null ? 0 : AddressSpaceTest.fileContent(first.offset + at)));
    }
  }

  void unmap(long start, long length) {
    pages.subMap(start, start + length).clear();
  }

  long protect(long start, long length, int protection) {
    for (long at = start; at < start + length; at += PAGE) {
      Page page = pages.get(at);
      if (page == null) {
        return -Errno.ENOMEM;
      }
      pages.put(at, page.protectedAs(protection));
    }
    return 0;
  }

  /** Address after the last page that continues the page at {@code address}. */
  long areaEnd(long address) {
    long at = address;
    while (pages.containsKey(at + PAGE) && pages.get(at).continuedBy(pages.get(at + PAGE))) {
      at += PAGE;
    }
    return at + PAGE;
  }

  /**
   * Predicts the answer of mremap(2) with MAYMOVE for legal flags and aligned arguments: an error,
   * or null where it must succeed.
   */
  Long remapError(long address, long oldLength, long newLength) {
    if (!pages.containsKey(address)) {
      return (long) -Errno.EFAULT;
    }
    boolean shrinks = oldLength >= newLength;
    return !shrinks && oldLength > areaEnd(address) - address ? (long) -Errno.EFAULT : null;
  }

  void move(long from, long oldLength, long to, long newLength) {
    TreeMap<Long, Page> moved = new TreeMap<>();
    for (Map.Entry<Long, Page> entry : pages.subMap(from, from + oldLength).entrySet()) {
      moved.put(entry.getKey() - from + to, entry.getValue());
    }
    Page first = pages.get(from);
    unmap(from, oldLength);
    unmap(to, newLength);
    map(to, newLength, first);
    pages.putAll(moved);
  }
}
