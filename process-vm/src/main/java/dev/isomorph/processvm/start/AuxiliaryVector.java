package dev.isomorph.processvm.start;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Arrays;

/**
 * The pairs of type and value with which the kernel tells a new program about itself (getauxval(3),
 * linux/auxvec.h).
 */
final class AuxiliaryVector {
  static final int AT_NULL = 0;
  static final int AT_PHDR = 3;
  static final int AT_PHENT = 4;
  static final int AT_PHNUM = 5;
  static final int AT_PAGESZ = 6;
  static final int AT_BASE = 7;
  static final int AT_FLAGS = 8;
  static final int AT_ENTRY = 9;
  static final int AT_UID = 11;
  static final int AT_EUID = 12;
  static final int AT_GID = 13;
  static final int AT_EGID = 14;
  static final int AT_HWCAP = 16;
  static final int AT_CLKTCK = 17;
  static final int AT_SECURE = 23;
  static final int AT_RANDOM = 25;
  static final int AT_EXECFN = 31;
  static final int AT_SYSINFO_EHDR = 33;
  static final int AT_MINSIGSTKSZ = 51;

  private long[] words = new long[48];
  private int count;

  AuxiliaryVector add(int type, long value) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = type;
    words[count++] = value;
    return this;
  }

  int words() {
    return count;
  }

  void store(long host) {
    for (int i = 0; i < count; i++) {
      HostMemory.putLong(host + 8L * i, words[i]);
    }
  }

  byte[] bytes() {
    byte[] bytes = new byte[8 * count];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (words[i / 8] >>> 8 * (i % 8));
    }
    return bytes;
  }
}
