package dev.isomorph.hostbackend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes the smallest x86-64 ELF shared object that a dynamic linker accepts: position-independent
 * code and the names under which it is found (System V gABI, chapters 4 and 5).
 *
 * <p>Headers, names and code are one read-execute segment. The dynamic section is a read-write one,
 * because glibc before 2.35 relocates it in place. {@code PT_GNU_STACK} is there to say that no
 * executable stack is wanted; without it the JVM gives up its stack guard pages.
 */
final class ElfSharedObject {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int PROGRAM_HEADERS = 4;
  private static final int SYMBOL = 24;
  private static final int PAGE = 4096;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int EXECUTE = 1;
  private static final int WRITE = 2;
  private static final int READ = 4;

  private static final int DT_HASH = 4;
  private static final int DT_STRTAB = 5;
  private static final int DT_SYMTAB = 6;
  private static final int DT_STRSZ = 10;
  private static final int DT_SYMENT = 11;

  private ElfSharedObject() {}

  /**
   * Returns the file's bytes.
   *
   * @param code position-independent machine code
   * @param names exported function names, ASCII
   * @param offsets where in {@code code} each of them begins
   */
  static byte[] of(byte[] code, String[] names, int[] offsets) {
    int symbols = names.length + 1;
    int stringsSize = 1;
    for (String name : names) {
      stringsSize += name.length() + 1;
    }
    int symbolTable = HEADER + PROGRAM_HEADERS * PROGRAM_HEADER;
    int hashTable = symbolTable + symbols * SYMBOL;
    int strings = hashTable + 4 * (3 + symbols);
    int text = align(strings + stringsSize, 16);
    int dynamic = align(text + code.length, 8);
    int dynamicSize = 6 * 16;
    int size = dynamic + dynamicSize;
    int writable = align(size, PAGE);

    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    // e_ident: magic, 64-bit, little-endian, version 1; then ET_DYN, EM_X86_64.
    elf.putInt(0x464c457f).putInt(0x00010102).putLong(0);
    elf.putShort((short) 3).putShort((short) 62).putInt(1);
    elf.putLong(0).putLong(HEADER).putLong(0).putInt(0);
    elf.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) PROGRAM_HEADERS);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0);

    programHeader(elf, PT_LOAD, READ | EXECUTE, 0, 0, dynamic, PAGE);
    programHeader(elf, PT_LOAD, READ | WRITE, dynamic, writable + dynamic, dynamicSize, PAGE);
    programHeader(elf, PT_DYNAMIC, READ | WRITE, dynamic, writable + dynamic, dynamicSize, 8);
    programHeader(elf, PT_GNU_STACK, READ | WRITE, 0, 0, 0, 16);

    elf.position(symbolTable + SYMBOL);
    int name = 1;
    for (int i = 0; i < names.length; i++) {
      // Global function, in a section whose number says no more than "defined".
      elf.putInt(name).put((byte) 0x12).put((byte) 0).putShort((short) 1);
      elf.putLong(text + offsets[i]).putLong(0);
      name += names[i].length() + 1;
    }
    // One bucket: a chain through all symbols.
    elf.putInt(1).putInt(symbols).putInt(symbols - 1);
    for (int i = 0; i < symbols; i++) {
      elf.putInt(Math.max(i - 1, 0));
    }
    elf.put((byte) 0);
    for (String each : names) {
      elf.put(each.getBytes(ISO_8859_1)).put((byte) 0);
    }
    elf.position(text).put(code).position(dynamic);
    elf.putLong(DT_HASH).putLong(hashTable);
    elf.putLong(DT_STRTAB).putLong(strings);
    elf.putLong(DT_SYMTAB).putLong(symbolTable);
    elf.putLong(DT_STRSZ).putLong(stringsSize);
    elf.putLong(DT_SYMENT).putLong(SYMBOL);
    return elf.array();
  }

  private static void programHeader(
      ByteBuffer elf, int type, int flags, long offset, long address, long size, long alignment) {
    elf.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
    elf.putLong(size).putLong(size).putLong(alignment);
  }

  private static int align(int value, int alignment) {
    return (value + alignment - 1) & -alignment;
  }
}
