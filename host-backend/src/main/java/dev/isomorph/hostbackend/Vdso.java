package dev.isomorph.hostbackend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The functions that the kernel maps into each process (vdso(7)). */
public final class Vdso {
  private static final int AT_SYSINFO_EHDR = 33;

  // Elf64_Ehdr, Elf64_Phdr, Elf64_Dyn, Elf64_Sym (System V ABI).
  private static final int PROGRAM_HEADERS = 32;
  private static final int PROGRAM_HEADER_SIZE = 54;
  private static final int PROGRAM_HEADER_COUNT = 56;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int HASH = 4;
  private static final int STRINGS = 5;
  private static final int SYMBOLS = 6;
  private static final int GNU_HASH = 0x6fff_fef5;
  private static final int SYMBOL_SIZE = 24;

  private final long image;
  private long bias;
  private long dynamic;

  private Vdso(long image) {
    this.image = image;
  }

  /**
   * The address of a function.
   *
   * @return 0 if there is none
   */
  public static long function(String name) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/self/auxv"));
      ByteBuffer vector = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      while (vector.remaining() >= 2 * Long.BYTES) {
        long type = vector.getLong();
        long value = vector.getLong();
        if (type == AT_SYSINFO_EHDR && value != 0) {
          return new Vdso(value).find(name);
        }
      }
    } catch (IOException e) {
      // As where there is no such vector.
    }
    return 0;
  }

  private long find(String name) {
    readHeaders();
    long symbols = entry(SYMBOLS);
    long strings = entry(STRINGS);
    if (symbols == 0 || strings == 0) {
      return 0;
    }
    int count = symbolCount();
    for (int i = 0; i < count; i++) {
      long symbol = symbols + (long) SYMBOL_SIZE * i;
      long value = HostMemory.getLong(symbol + 8);
      if (value != 0 && isAt(strings + HostMemory.getInt(symbol), name)) {
        return value + bias;
      }
    }
    return 0;
  }

  private void readHeaders() {
    int size = HostMemory.getShort(image + PROGRAM_HEADER_SIZE);
    int count = HostMemory.getShort(image + PROGRAM_HEADER_COUNT);
    for (int i = count - 1; i >= 0; i--) {
      long header = image + HostMemory.getLong(image + PROGRAM_HEADERS) + (long) size * i;
      long address = HostMemory.getLong(header + 16);
      switch (HostMemory.getInt(header)) {
        case LOAD -> bias = image + HostMemory.getLong(header + 8) - address;
        case DYNAMIC -> dynamic = image + HostMemory.getLong(header + 8);
        default -> {}
      }
    }
  }

  /** Where what an entry of the dynamic section tells of is mapped; 0 if there is no such entry. */
  private long entry(int tag) {
    if (dynamic != 0) {
      for (long at = dynamic; HostMemory.getLong(at) != 0; at += 16) {
        if (HostMemory.getLong(at) == tag) {
          return HostMemory.getLong(at + 8) + bias;
        }
      }
    }
    return 0;
  }

  private int symbolCount() {
    long table = entry(HASH);
    if (table != 0) {
      return HostMemory.getInt(table + 4);
    }
    table = entry(GNU_HASH);
    if (table == 0) {
      return 0;
    }
    // The last chain ends with the last symbol: its hash has bit 0 set.
    int buckets = HostMemory.getInt(table);
    int first = HostMemory.getInt(table + 4);
    long bucket = table + 16 + 8L * HostMemory.getInt(table + 8);
    long chains = bucket + 4L * buckets;
    int last = 0;
    for (int i = 0; i < buckets; i++) {
      last = Math.max(last, HostMemory.getInt(bucket + 4L * i));
    }
    if (last < first) {
      return first;
    }
    while ((HostMemory.getInt(chains + 4L * (last - first)) & 1) == 0) {
      last++;
    }
    return last + 1;
  }

  private static boolean isAt(long address, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (HostMemory.getByte(address + i) != name.charAt(i)) {
        return false;
      }
    }
    return HostMemory.getByte(address + name.length()) == 0;
  }
}
