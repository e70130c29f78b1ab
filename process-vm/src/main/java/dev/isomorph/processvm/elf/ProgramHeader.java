package dev.isomorph.processvm.elf;

import dev.isomorph.processvm.memory.Mman;

/**
 * An entry of an ELF file's program header table (gabi, "Program Header"); addresses and sizes are
 * unsigned.
 *
 * @param index its place in the table, for messages
 */
record ProgramHeader(
    int index,
    int type,
    int flags,
    long offset,
    long address,
    long fileSize,
    long memorySize,
    long alignment) {
  static final int BYTES = 56;

  static final int PT_LOAD = 1;
  static final int PT_INTERP = 3;
  static final int PT_GNU_STACK = 0x6474e551;

  static final int PF_X = 1;
  private static final int PF_W = 2;
  private static final int PF_R = 4;

  static ProgramHeader read(byte[] table, int index) {
    int at = index * BYTES;
    return new ProgramHeader(
        index,
        Bytes.i32(table, at),
        Bytes.i32(table, at + 4),
        Bytes.i64(table, at + 8),
        Bytes.i64(table, at + 16),
        Bytes.i64(table, at + 32),
        Bytes.i64(table, at + 40),
        Bytes.i64(table, at + 48));
  }

  boolean executable() {
    return (flags & PF_X) != 0;
  }

  /** The address after the last byte; only meaningful once checked not to wrap. */
  long end() {
    return address + memorySize;
  }

  int protection() {
    return ((flags & PF_R) != 0 ? Mman.PROT_READ : 0)
        | ((flags & PF_W) != 0 ? Mman.PROT_WRITE : 0)
        | ((flags & PF_X) != 0 ? Mman.PROT_EXEC : 0);
  }
}
