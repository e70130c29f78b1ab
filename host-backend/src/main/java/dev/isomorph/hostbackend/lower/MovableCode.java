package dev.isomorph.hostbackend.lower;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The code of a block that can be put to other host addresses and be for other guest addresses. */
public final class MovableCode {
  private final byte[] bytes;
  private final ByteBuffer code;
  private final AddressFields fields;
  private final int[] stubReferences;
  private long pc;
  private long origin;

  private MovableCode(
      byte[] bytes, AddressFields fields, int[] stubReferences, long pc, long origin) {
    this.bytes = bytes;
    code = wrap(bytes);
    this.fields = fields;
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
    if (other.length != made.codeLength()) {
      return null;
    }
    byte[] own = Arrays.copyOf(made.code(), made.codeLength());
    ByteBuffer here = wrap(own);
    ByteBuffer there = wrap(other);
    int[] stubs = made.stubReferences();
    for (int stub : stubs) {
      there.putInt(stub, there.getInt(stub) + (int) (otherOrigin - origin));
    }
    for (int data : made.links()) {
      // It may have been linked.
      int site = data - here.getInt(data + Long.BYTES);
      there.putInt(site, here.getInt(site));
    }
    AddressFields fields = AddressFields.find(here, there, pc - otherPc);
    return fields == null ? null : new MovableCode(own, fields, stubs, pc, origin);
  }

  /** Puts it to other addresses; good until the next call. */
  public byte[] at(long newPc, long newOrigin) {
    fields.move(code, newPc - pc);
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
