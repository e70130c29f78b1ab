package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.BlockCompiler;

/**
 * A translation as it is kept: free of where in a code cache it lay. Off-heap, little-endian, a
 * multiple of 8 bytes:
 *
 * <pre>
 * int size, mode; long pc; int instructions, runs, code bytes, fault map entries,
 *     stub references, links, whether this run of the program has used it, bytes of a region
 * run: long start, bytes                guest addresses without a gap
 * byte guest[]                          the code in all runs, padded to 8
 * short fault map[], stub references[], links[]    padded to 8
 * byte region[]                         padded to 8; what a RegionRecord has, nothing for a block
 * byte code[]                           padded to 8; displacements to stubs as if it lay at one
 * </pre>
 */
final class TranslationRecord {
  /** Where the parts of the head are. */
  private static final int SIZE = 0;

  private static final int MODE = 4;
  private static final int PC = 8;
  private static final int INSTRUCTIONS = 16;
  private static final int RUNS = 20;
  private static final int CODE_BYTES = 24;
  private static final int FAULT_MAP = 28;
  private static final int STUB_REFERENCES = 32;
  private static final int LINKS = 36;
  private static final int USED = 40;
  private static final int REGION_BYTES = 44;
  private static final int HEAD = 48;

  private static final int RUN = 16;

  /** Bytes of an offset in the code, which is unsigned. */
  private static final int OFFSET = 2;

  private static final int LONGEST = 0xffff;

  /** To be added to the mode: a region is kept besides the block of its pc and mode. */
  static final int REGION = 0x100;

  // Whether it is used.
  private static final int UNUSED = 0;
  private static final int IN_USE = 1;
  private static final int FORGOTTEN = -1;

  private TranslationRecord() {}

  /** What a record holds besides the instructions. */
  record Code(byte[] bytes, int length, int[] faultMap, int[] stubReferences, int[] links) {
    static final Code NONE = new Code(new byte[0], 0, new int[0], new int[0], new int[0]);

    /** What a compiler has just compiled, perhaps with other bytes. */
    static Code of(BlockCompiler compiler, byte[] bytes) {
      return new Code(
          bytes,
          compiler.codeLength(),
          compiler.faultMap(),
          compiler.stubReferences(),
          compiler.links());
    }
  }

  /**
   * Writes a record.
   *
   * @param shift to be added to displacements to the stubs, so that they do not depend on where the
   *     code lies
   * @param room bytes there are at {@code at}
   * @param region as a {@link RegionRecord} has it, empty for a block
   * @return its size in bytes, 0 if there is not enough room
   */
  static int write(
      long at,
      long room,
      int mode,
      long[] pcs,
      int[] encodings,
      Code code,
      int shift,
      byte[] region) {
    int runs = 0;
    int guestBytes = 0;
    for (int i = 0; i < pcs.length; i++) {
      if (i == 0 || pcs[i] != pcs[i - 1] + Instruction.lengthOf(encodings[i - 1])) {
        runs++;
      }
      guestBytes += Instruction.lengthOf(encodings[i]);
    }
    int offsets = code.faultMap.length + code.stubReferences.length + code.links.length;
    long size =
        HEAD
            + (long) RUN * runs
            + pad(guestBytes)
            + pad(OFFSET * offsets)
            + pad(region.length)
            + pad(code.length);
    if (size > room || code.length > LONGEST) {
      return 0;
    }
    HostMemory.putInt(at + SIZE, (int) size);
    HostMemory.putInt(at + MODE, mode);
    HostMemory.putLong(at + PC, pcs[0]);
    HostMemory.putInt(at + INSTRUCTIONS, pcs.length);
    HostMemory.putInt(at + RUNS, runs);
    HostMemory.putInt(at + CODE_BYTES, code.length);
    HostMemory.putInt(at + FAULT_MAP, code.faultMap.length);
    HostMemory.putInt(at + STUB_REFERENCES, code.stubReferences.length);
    HostMemory.putInt(at + LINKS, code.links.length);
    HostMemory.putInt(at + REGION_BYTES, region.length);
    used(at, true);
    writeGuestCode(at + HEAD, at + HEAD + (long) RUN * runs, pcs, encodings);
    long next = at + HEAD + (long) RUN * runs + pad(guestBytes);
    next = putAll(next, code.faultMap);
    next = putAll(next, code.stubReferences);
    putAll(next, code.links);
    long host = at + size - pad(code.length);
    HostMemory.copyIn(region, 0, host - pad(region.length), region.length);
    HostMemory.copyIn(code.bytes, 0, host, code.length);
    for (int reference : code.stubReferences) {
      HostMemory.putInt(host + reference, HostMemory.getInt(host + reference) + shift);
    }
    return (int) size;
  }

  private static void writeGuestCode(long runs, long bytes, long[] pcs, int[] encodings) {
    long run = runs - RUN;
    long to = bytes;
    for (int i = 0; i < pcs.length; i++) {
      int length = Instruction.lengthOf(encodings[i]);
      if (i == 0 || pcs[i] != pcs[i - 1] + Instruction.lengthOf(encodings[i - 1])) {
        run += RUN;
        HostMemory.putLong(run, pcs[i]);
        HostMemory.putLong(run + 8, 0);
      }
      HostMemory.putLong(run + 8, HostMemory.getLong(run + 8) + length);
      HostMemory.putShort(to, (short) encodings[i]);
      if (length == 4) {
        HostMemory.putShort(to + 2, (short) (encodings[i] >>> 16));
      }
      to += length;
    }
  }

  private static long putAll(long at, int[] values) {
    for (int i = 0; i < values.length; i++) {
      HostMemory.putShort(at + (long) OFFSET * i, (short) values[i]);
    }
    return at + (long) OFFSET * values.length;
  }

  private static long pad(long length) {
    return length + 7 & -8;
  }

  /** Size in bytes. */
  static int size(long record) {
    return HostMemory.getInt(record + SIZE);
  }

  static int mode(long record) {
    return HostMemory.getInt(record + MODE);
  }

  /** Whether this run of the program has used it. */
  static boolean isUsed(long record) {
    return HostMemory.getInt(record + USED) == IN_USE;
  }

  static void used(long record, boolean is) {
    HostMemory.putInt(record + USED, is ? IN_USE : UNUSED);
  }

  /** Whether nobody wants it any more. */
  static boolean isForgotten(long record) {
    return HostMemory.getInt(record + USED) == FORGOTTEN;
  }

  static void forget(long record) {
    HostMemory.putInt(record + USED, FORGOTTEN);
  }

  /** What there is of a region. */
  static RegionRecord region(long record) {
    long code = record + size(record) - pad(HostMemory.getInt(record + CODE_BYTES));
    return new RegionRecord(code - pad(HostMemory.getInt(record + REGION_BYTES)));
  }

  /** Guest pc of its entry. */
  static long pc(long record) {
    return HostMemory.getLong(record + PC);
  }

  /** Whether guest memory holds the instructions it was made from, where they were. */
  static boolean isCurrent(long record, GuestCode code) {
    int runs = HostMemory.getInt(record + RUNS);
    long bytes = record + HEAD + (long) RUN * runs;
    for (int i = 0; i < runs; i++) {
      long run = record + HEAD + (long) RUN * i;
      int length = (int) HostMemory.getLong(run + 8);
      if (!code.holds(HostMemory.getLong(run), bytes, length)) {
        return false;
      }
      bytes += length;
    }
    return true;
  }

  /** Reads the addresses and encodings of its instructions into arrays of the right length. */
  static void instructions(long record, long[] pcs, int[] encodings) {
    int runs = HostMemory.getInt(record + RUNS);
    long from = record + HEAD + (long) RUN * runs;
    int at = 0;
    for (int i = 0; i < runs; i++) {
      long run = record + HEAD + (long) RUN * i;
      long pc = HostMemory.getLong(run);
      long end = pc + HostMemory.getLong(run + 8);
      while (pc != end) {
        int encoding = HostMemory.getShort(from) & 0xffff;
        int length = Instruction.lengthOf(encoding);
        if (length == 4) {
          encoding |= HostMemory.getShort(from + 2) << 16;
        }
        pcs[at] = pc;
        encodings[at] = encoding;
        at++;
        pc += length;
        from += length;
      }
    }
  }

  /** Number of its instructions. */
  static int instructionCount(long record) {
    return HostMemory.getInt(record + INSTRUCTIONS);
  }

  /**
   * Reads the rest of it.
   *
   * @param bytes for the code, long enough for any block
   * @param shift to be added to displacements to the stubs
   */
  static Code code(long record, byte[] bytes, int shift) {
    int length = HostMemory.getInt(record + CODE_BYTES);
    int[] faultMap = new int[HostMemory.getInt(record + FAULT_MAP)];
    int[] stubReferences = new int[HostMemory.getInt(record + STUB_REFERENCES)];
    int[] links = new int[HostMemory.getInt(record + LINKS)];
    long host = record + size(record) - pad(length);
    long offsets =
        host
            - pad(HostMemory.getInt(record + REGION_BYTES))
            - pad((long) OFFSET * (faultMap.length + stubReferences.length + links.length));
    offsets = getAll(offsets, faultMap);
    offsets = getAll(offsets, stubReferences);
    getAll(offsets, links);
    HostMemory.copyOut(host, bytes, 0, length);
    for (int reference : stubReferences) {
      put(bytes, reference, HostMemory.getInt(host + reference) + shift);
    }
    return new Code(bytes, length, faultMap, stubReferences, links);
  }

  private static long getAll(long at, int[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = HostMemory.getShort(at + (long) OFFSET * i) & LONGEST;
    }
    return at + (long) OFFSET * values.length;
  }

  /** The 8 bytes at an index. */
  static long getLong(byte[] bytes, int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  private static void put(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }
}
