package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.memory.Ram;

/**
 * Follows descriptors (virtio 1.2, section 2.7.5). However they are linked, it ends: no chain has
 * more descriptors than its table, and only the last may name another table.
 */
final class ChainReader {
  private static final int DESCRIPTOR_BYTES = 16;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;

  /** More descriptors than any driver chains; bounds what a guest can make the host remember. */
  private static final int MAXIMUM = 1024;

  private final Ram ram;
  private final boolean indirectAllowed;
  private final Segments readable = new Segments();
  private final Segments writable = new Segments();

  /**
   * @param indirectAllowed whether indirect descriptors have been negotiated
   */
  ChainReader(Ram ram, boolean indirectAllowed) {
    this.ram = ram;
    this.indirectAllowed = indirectAllowed;
  }

  Segments readable() {
    return readable;
  }

  Segments writable() {
    return writable;
  }

  /**
   * Reads the chain that begins at {@code head}.
   *
   * @param table address of {@code entries} descriptors, which lie in RAM
   * @throws BadChain if it is against the rules or reaches beyond RAM
   */
  void follow(long table, int entries, int head) {
    follow(table, entries, head, false);
  }

  private void follow(long table, int entries, int head, boolean inIndirect) {
    int index = head;
    for (int seen = 0; ; seen++) {
      if (index >= entries) {
        throw new BadChain("descriptor " + index + " of " + entries);
      }
      if (seen == entries || seen == MAXIMUM) {
        throw new BadChain("an endless chain of descriptors");
      }
      long descriptor = table + (long) DESCRIPTOR_BYTES * index;
      long address = ram.getLong(descriptor);
      long length = ram.getInt(descriptor + 8) & 0xffff_ffffL;
      int flags = ram.getShort(descriptor + 12);
      if ((flags & INDIRECT) != 0) {
        if (!indirectAllowed || inIndirect || (flags & NEXT) != 0) {
          throw new BadChain("an indirect descriptor where none may be");
        }
        followTable(address, length);
        return;
      }
      addBuffer(address, length, (flags & WRITE) != 0);
      if ((flags & NEXT) == 0) {
        return;
      }
      index = ram.getShort(descriptor + 14);
    }
  }

  private void followTable(long address, long length) {
    long entries = length / DESCRIPTOR_BYTES;
    if (entries == 0 || length % DESCRIPTOR_BYTES != 0 || entries > 0x10000) {
      throw new BadChain("an indirect table of " + length + " bytes");
    }
    requireRam(address, length);
    follow(address, (int) entries, 0, true);
  }

  private void addBuffer(long address, long length, boolean write) {
    if (!write && writable.count() > 0) {
      throw new BadChain("a readable buffer behind writable ones");
    }
    requireRam(address, length);
    (write ? writable : readable).add(address, length);
    if (readable.total() + writable.total() > 0xffff_ffffL) {
      throw new BadChain("more than 4 GiB in a chain");
    }
  }

  private void requireRam(long address, long length) {
    if (!ram.contains(address, length)) {
      throw new BadChain("a buffer outside RAM");
    }
  }
}
