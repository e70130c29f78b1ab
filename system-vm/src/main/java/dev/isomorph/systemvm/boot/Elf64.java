package dev.isomorph.systemvm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An executable in the Executable and Linking Format, as far as starting it without an operating
 * system goes: segments at their physical addresses (System V ABI, chapters 4 and 5).
 */
final class Elf64 {
  private static final int HEADER_SIZE = 64;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int TYPE_EXECUTABLE = 2;
  private static final int TYPE_SHARED = 3;
  private static final int MACHINE_RISCV = 243;
  private static final int SEGMENT_LOAD = 1;
  private static final int SEGMENT_INTERPRETER = 3;
  private static final int SEGMENT_THREAD_LOCAL = 7;
  private static final int SEGMENT_HEADER_SIZE = 56;
  private static final int SECTION_HEADER_SIZE = 64;
  private static final int SECTION_SYMBOLS = 2;
  private static final int SYMBOL_SIZE = 24;

  /** An executable linked below cannot stay there: it was meant to be moved. */
  private static final long LOWEST_MEMORY = 0x8000_0000L;

  private final String name;
  private final byte[] file;
  private final ByteBuffer bytes;

  private Elf64(String name, byte[] file) {
    this.name = name;
    this.file = file;
    bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether a file says it is one. */
  static boolean matches(byte[] file) {
    return file.length >= 4
        && file[0] == 0x7f
        && file[1] == 'E'
        && file[2] == 'L'
        && file[3] == 'F';
  }

  /**
   * Reads an executable.
   *
   * @param name of the file, for messages
   * @param symbols names of symbols whose addresses are wanted
   */
  static Program read(String name, byte[] file, List<String> symbols) throws BootException {
    Elf64 elf = new Elf64(name, file);
    try {
      return elf.program(symbols);
    } catch (IndexOutOfBoundsException e) {
      throw new BootException(name + ": truncated ELF file");
    }
  }

  private Program program(List<String> wanted) throws BootException {
    checkHeader();
    List<Segment> segments = new ArrayList<>();
    long entry = bytes.getLong(24);
    long physicalEntry = entry;
    boolean needsSystem = false;
    for (int i = 0; i < u16(56); i++) {
      int at = offset(bytes.getLong(32) + (long) i * SEGMENT_HEADER_SIZE);
      long size = bytes.getLong(at + 40);
      int type = bytes.getInt(at);
      needsSystem |= type == SEGMENT_INTERPRETER || type == SEGMENT_THREAD_LOCAL;
      if (type != SEGMENT_LOAD || size == 0) {
        continue;
      }
      long virtual = bytes.getLong(at + 16);
      long physical = bytes.getLong(at + 24);
      long length = bytes.getLong(at + 32);
      boolean wraps = Long.compareUnsigned(physical + size, physical) < 0;
      if (length < 0 || length > size || size < 0 || wraps) {
        throw new BootException(name + ": damaged ELF file: segment " + i + " has no such size");
      }
      segments.add(segment(physical, bytes.getLong(at + 8), length, size));
      if (entry - virtual >= 0 && entry - virtual < size) {
        physicalEntry = entry - virtual + physical;
      }
    }
    if (segments.isEmpty()) {
      throw new BootException(name + ": an ELF file with nothing to load");
    }
    Program program = moved(new Program(segments, physicalEntry, false, symbols(wanted)));
    // C libraries without an operating system have thread-local storage, too: in memory's place.
    if (needsSystem && program.movable()) {
      throw new BootException(
          name + ": a program for an operating system, not a kernel; ./isomorph run runs it");
    }
    return program;
  }

  private void checkHeader() throws BootException {
    if (file.length < HEADER_SIZE) {
      throw new BootException(name + ": truncated ELF file");
    }
    if (file[5] != LITTLE_ENDIAN) {
      throw new BootException(name + ": an ELF file whose bytes are in big-endian order");
    }
    if (u16(18) != MACHINE_RISCV) {
      throw new BootException(name + ": an ELF file for machine " + u16(18) + ", not for RISC-V");
    }
    if (file[4] != CLASS_64) {
      throw new BootException(name + ": an ELF file for RV32, not for RV64");
    }
    if (u16(16) != TYPE_EXECUTABLE && u16(16) != TYPE_SHARED) {
      throw new BootException(name + ": an ELF file that is not linked");
    }
  }

  private Segment segment(long address, long offset, long length, long size) {
    if (offset < 0 || offset > file.length || length > file.length - offset) {
      throw new IndexOutOfBoundsException();
    }
    return new Segment(address, file, (int) offset, (int) length, size);
  }

  /** Linux's is linked at 0, and so is firmware that runs anywhere. */
  private static Program moved(Program program) {
    long start = program.start();
    if (Long.compareUnsigned(start, LOWEST_MEMORY) >= 0) {
      return program;
    }
    return new Program(
        program.segments().stream().map(each -> each.moved(-start)).toList(),
        program.entry() - start,
        true,
        Map.of());
  }

  private Map<String, Long> symbols(List<String> wanted) {
    Map<String, Long> found = new HashMap<>();
    long table = bytes.getLong(40);
    for (int i = 0; table != 0 && i < u16(60); i++) {
      int at = offset(table + (long) i * SECTION_HEADER_SIZE);
      if (bytes.getInt(at + 4) == SECTION_SYMBOLS) {
        long strings = table + (long) bytes.getInt(at + 40) * SECTION_HEADER_SIZE;
        addSymbols(found, wanted, at, bytes.getLong(offset(strings) + 24));
      }
    }
    return found;
  }

  private void addSymbols(Map<String, Long> found, List<String> wanted, int table, long strings) {
    long start = bytes.getLong(table + 24);
    long count = bytes.getLong(table + 32) / SYMBOL_SIZE;
    for (long i = 0; i < count; i++) {
      int at = offset(start + i * SYMBOL_SIZE);
      long nameAt = strings + Integer.toUnsignedLong(bytes.getInt(at));
      for (String each : wanted) {
        if (isString(nameAt, each)) {
          found.put(each, bytes.getLong(at + 8));
        }
      }
    }
  }

  private boolean isString(long at, String text) {
    byte[] expected = (text + '\0').getBytes(StandardCharsets.US_ASCII);
    if (at < 0 || at > file.length - expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (file[(int) at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private int u16(int at) {
    return bytes.getShort(at) & 0xffff;
  }

  private int offset(long offset) {
    if (offset < 0 || offset > file.length) {
      throw new IndexOutOfBoundsException();
    }
    return (int) offset;
  }
}
