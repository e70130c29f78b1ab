package dev.isomorph.hostbackend.lower;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The code of a block that can be put to other host addresses and be for other guest addresses.
 * What in it depends on these is found by comparing what the same instructions were compiled to for
 * two guest addresses: numbers that differ as these do, and what follows from them.
 */
public final class MovableCode {
  private static final int ENTRY_FACTS = 3;

  private final byte[] bytes;
  private final ByteBuffer code;
  private final int[] stubReferences;

  /** Offsets of guest addresses. */
  private final OffsetList addresses = new OffsetList();

  /**
   * Three numbers for each place in the jump cache: its offset, that of the guest address, and how
   * far the place is behind that of the address's entry.
   */
  private final OffsetList entries = new OffsetList();

  private int lastAddress = -1;
  private long pc;
  private long origin;

  private MovableCode(byte[] bytes, int[] stubReferences, long pc, long origin) {
    this.bytes = bytes;
    code = wrap(bytes);
    this.stubReferences = stubReferences;
    this.pc = pc;
    this.origin = origin;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * What has been compiled last, as movable code.
   *
   * @param made holds the code, for guest address {@code pc} and host address {@code origin}
   * @param other the code of the same instructions at {@code otherPc}, in use at {@code
   *     otherOrigin}; it is changed
   * @return null if more than addresses is different
   */
  public static MovableCode of(
      BlockCompiler made, long pc, long origin, byte[] other, long otherPc, long otherOrigin) {
    int length = made.codeLength();
    // Of addresses that select the same entries nobody sees where these are in the code.
    boolean sameEntries = (pc - otherPc & JumpCache.PC_MASK) == 0;
    if (other.length != length || sameEntries) {
      return null;
    }
    byte[] own = Arrays.copyOf(made.code(), length);
    int[] stubs = made.stubReferences();
    MovableCode movable = new MovableCode(own, stubs, pc, origin);
    ByteBuffer there = wrap(other);
    for (int stub : stubs) {
      there.putInt(stub, there.getInt(stub) + (int) (otherOrigin - origin));
    }
    for (int data : made.links()) {
      // It may have been linked.
      int site = data - movable.code.getInt(data + Long.BYTES);
      there.putInt(site, movable.code.getInt(site));
    }
    int at = Arrays.mismatch(own, other);
    while (at >= 0) {
      int next = movable.explain(at, there, otherPc);
      if (next < 0) {
        return null;
      }
      int following = Arrays.mismatch(own, next, length, other, next, length);
      at = following < 0 ? -1 : next + following;
    }
    return movable;
  }

  /** Returns what is behind the difference at an offset, or -1 if it is none to be expected. */
  private int explain(int at, ByteBuffer there, long otherPc) {
    long distance = pc - otherPc;
    int start = at - Long.numberOfTrailingZeros(distance) / Byte.SIZE;
    boolean fits = start >= 0 && start + Long.BYTES <= bytes.length;
    if (fits && code.getLong(start) - there.getLong(start) == distance) {
      addresses.add(start);
      lastAddress = start;
      return start + Long.BYTES;
    }
    return lastAddress < 0 ? -1 : explainEntry(at, there);
  }

  private int explainEntry(int at, ByteBuffer there) {
    int own = JumpCache.firstEntry(code.getLong(lastAddress));
    int others = JumpCache.firstEntry(there.getLong(lastAddress));
    int first = Math.max(lastAddress + Long.BYTES, at - Integer.BYTES + 1);
    for (int start = first; start <= Math.min(at, bytes.length - Integer.BYTES); start++) {
      int behind = code.getInt(start) - own;
      boolean isPlace = behind == JumpCache.PC || behind == JumpCache.CODE;
      if (isPlace && there.getInt(start) - others == behind) {
        entries.add(start);
        entries.add(lastAddress);
        entries.add(behind);
        return start + Integer.BYTES;
      }
    }
    return -1;
  }

  /** Puts it to other addresses; good until the next call. */
  public byte[] at(long newPc, long newOrigin) {
    for (int address : addresses.toArray()) {
      code.putLong(address, code.getLong(address) + newPc - pc);
    }
    int[] places = entries.toArray();
    for (int i = 0; i < places.length; i += ENTRY_FACTS) {
      int entry = JumpCache.firstEntry(code.getLong(places[i + 1]));
      code.putInt(places[i], entry + places[i + 2]);
    }
    for (int stub : stubReferences) {
      code.putInt(stub, code.getInt(stub) + (int) (origin - newOrigin));
    }
    pc = newPc;
    origin = newOrigin;
    return bytes;
  }

  /** Bytes of its code. */
  public int length() {
    return bytes.length;
  }
}
