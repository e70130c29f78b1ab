package dev.isomorph.hostbackend.asm;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Arrays;

/** The growing bytes of one piece of code, with label resolution, patching and padding. */
abstract class CodeBuffer {
  private static final int INITIAL_CAPACITY = 4096;

  /**
   * Bytes of a line of which any part is stored atomically; a divisor of a cache line and of a
   * block's alignment.
   */
  public static final int PATCH_LINE = 16;

  /** Recommended multi-byte nops by length (Intel SDM vol. 2, NOP, table 4-12). */
  private static final byte[][] NOPS = {
    {},
    {(byte) 0x90},
    {0x66, (byte) 0x90},
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40, 0},
    {0x0f, 0x1f, 0x44, 0, 0},
    {0x66, 0x0f, 0x1f, 0x44, 0, 0},
    {0x0f, 0x1f, (byte) 0x80, 0, 0, 0, 0},
    {0x0f, 0x1f, (byte) 0x84, 0, 0, 0, 0, 0},
    {0x66, 0x0f, 0x1f, (byte) 0x84, 0, 0, 0, 0, 0},
  };

  private byte[] buffer = new byte[INITIAL_CAPACITY];
  private int position;

  /** Labels that are referenced and not yet bound. */
  private int awaitedLabels;

  /** Null when nobody follows. */
  private EmissionListener listener;

  /** Whether what is emitted is not to be told of. */
  private boolean untold;

  /** Whether the last byte was a prefix of the instruction that follows. */
  private boolean prefixed;

  /** Pairs of offset and length of what is there for the listener's sake only. */
  private int[] insertions = new int[16];

  private int insertionCount;

  /** Has {@code listener} follow what is emitted from now on; null for nobody. */
  public final void listener(EmissionListener listener) {
    this.listener = listener;
  }

  /** Whether anybody follows. */
  final boolean isFollowed() {
    return listener != null;
  }

  /** The next byte is the first of an instruction. */
  final void instruction() {
    if (listener != null && !untold && !prefixed) {
      listener.instruction();
    }
    prefixed = false;
  }

  /** Emits a prefix of the instruction that follows. */
  final void emitPrefix(int prefix) {
    instruction();
    prefixed = true;
    emitByte(prefix);
  }

  /** The instruction just emitted may go on elsewhere than behind itself. */
  final void branched() {
    if (listener != null && !untold) {
      listener.branched();
    }
  }

  /** Emits code that the listener does not hear of. */
  public final void untold(Runnable code) {
    untold = true;
    code.run();
    untold = false;
  }

  /** Emits code for the listener's sake: it does not hear of it, nor is it a distance. */
  public final void insert(Runnable code) {
    int start = position;
    untold(code);
    inserted(position - start);
  }

  /** Takes note that {@code bytes} of what has been emitted last are for the listener's sake. */
  final void inserted(int bytes) {
    if (insertionCount + 2 > insertions.length) {
      insertions = Arrays.copyOf(insertions, 2 * insertions.length);
    }
    insertions[insertionCount++] = position - bytes;
    insertions[insertionCount++] = bytes;
  }

  /** Bytes that are there for the listener's sake, from offset {@code from} to here. */
  final int insertedSince(int from) {
    int bytes = 0;
    for (int i = insertionCount - 2; i >= 0 && insertions[i] >= from; i -= 2) {
      bytes += insertions[i + 1];
    }
    return bytes;
  }

  /** Starts over with empty code, keeping the buffer. Labels used so far become invalid. */
  public final void reset() {
    untold = false;
    prefixed = false;
    insertionCount = 0;
    position = 0;
    awaitedLabels = 0;
  }

  /** Bytes emitted so far, which is the offset of the next one. */
  public final int position() {
    return position;
  }

  /**
   * The live buffer, whose first {@link #position()} bytes are the code; valid until the next
   * emission.
   *
   * @throws IllegalStateException when a referenced label is not bound
   */
  public final byte[] buffer() {
    requireResolved();
    return buffer;
  }

  /**
   * A copy of the code.
   *
   * @throws IllegalStateException when a referenced label is not bound
   */
  public final byte[] code() {
    requireResolved();
    return Arrays.copyOf(buffer, position);
  }

  /**
   * Copies the code to {@code target} at {@code offset}.
   *
   * @throws IllegalStateException when a referenced label is not bound
   */
  public final void copyTo(byte[] target, int offset) {
    requireResolved();
    System.arraycopy(buffer, 0, target, offset, position);
  }

  private void requireResolved() {
    if (awaitedLabels != 0) {
      throw new IllegalStateException(awaitedLabels + " referenced labels are not bound");
    }
  }

  /** Emits the low 8 bits of {@code value}. */
  public final void emitByte(int value) {
    if (position == buffer.length) {
      grow();
    }
    buffer[position++] = (byte) value;
  }

  private void grow() {
    buffer = Arrays.copyOf(buffer, 2 * buffer.length);
  }

  /** Emits the low 16 bits of {@code value}, little-endian. */
  public final void emitShort(int value) {
    emitByte(value);
    emitByte(value >> 8);
  }

  /**
   * Emits finished code that does not depend on where it is.
   *
   * @param code address of its first byte; the bytes up to the next multiple of 8 are read, too
   */
  public final void emit(long code, int length) {
    while (position + length + Long.BYTES > buffer.length) {
      grow();
    }
    for (int i = 0; i < length; i += Long.BYTES) {
      HostMemory.putLong(buffer, position + i, HostMemory.getLong(code + i));
    }
    position += length;
  }

  /** Emits 32 bits, little-endian. */
  public final void emitInt(int value) {
    int at = position;
    if (at + 4 > buffer.length) {
      grow();
    }
    position = at + 4;
    patch(at, value);
  }

  /** Emits 64 bits, little-endian. */
  public final void emitLong(long value) {
    emitInt((int) value);
    emitInt((int) (value >> 32));
  }

  /** Overwrites the four bytes at {@code offset}, little-endian. */
  public final void patch(int offset, int value) {
    byte[] bytes = buffer;
    bytes[offset] = (byte) value;
    bytes[offset + 1] = (byte) (value >> 8);
    bytes[offset + 2] = (byte) (value >> 16);
    bytes[offset + 3] = (byte) (value >> 24);
  }

  /** Overwrites one, four or eight bytes at {@code offset}. */
  public final void patch(int offset, long value, int width) {
    if (width == 1) {
      buffer[offset] = (byte) value;
      return;
    }
    patch(offset, (int) value);
    if (width == Long.BYTES) {
      patch(offset + Integer.BYTES, (int) (value >> 32));
    }
  }

  /**
   * Points the rel32 whose displacement field is at {@code offset}, and ends its instruction, to
   * the code offset {@code target}.
   */
  public final void patchRel32(int offset, int target) {
    patch(offset, target - (offset + 4));
  }

  /**
   * Gives {@code label} the current position and fills in the references made so far.
   *
   * @throws IllegalStateException when it is bound already or a short branch does not reach it
   */
  public final void bind(Label label) {
    if (label.isAwaited()) {
      awaitedLabels--;
    }
    label.bind(this, position);
    if (listener != null) {
      listener.joined();
    }
  }

  /** Pads with nops to a multiple of {@code boundary}, a power of two. */
  public final void align(int boundary) {
    alignAhead(boundary, 0);
  }

  /** Pads with nops until {@code ahead} bytes from here is a multiple of {@code boundary}. */
  final void alignAhead(int boundary, int ahead) {
    nop(-(position + ahead) & boundary - 1);
  }

  /**
   * Pads with nops where the four bytes that start {@code ahead} bytes from here would lie in two
   * {@link #PATCH_LINE}s.
   */
  final void keepWhole(int ahead) {
    int inLine = position + ahead & PATCH_LINE - 1;
    if (inLine > PATCH_LINE - 4) {
      nop(PATCH_LINE - inLine);
    }
  }

  /** Emits {@code length} bytes of padding as few nops. */
  public final void nop(int length) {
    int left = length;
    while (left > 0) {
      byte[] nop = NOPS[Math.min(left, NOPS.length - 1)];
      instruction();
      for (byte b : nop) {
        emitByte(b);
      }
      left -= nop.length;
    }
  }

  /** Emits a rel32 to {@code label} with {@code trailing} more bytes in its instruction. */
  final void emitRel32(Label label, int trailing) {
    if (label.isBound()) {
      emitInt(label.position() - (position + 4 + trailing));
    } else {
      countAwaited(label);
      emitInt(label.addRel32(position, trailing));
    }
  }

  /** Emits a rel8 to {@code label} that ends its instruction. */
  final void emitRel8(Label label) {
    if (label.isBound()) {
      emitByte(checkRel8(label.position() - (position + 1)));
    } else {
      countAwaited(label);
      emitByte(label.addRel8(position));
    }
  }

  private void countAwaited(Label label) {
    if (!label.isAwaited()) {
      awaitedLabels++;
    }
  }

  final int intAt(int offset) {
    return buffer[offset] & 0xff
        | (buffer[offset + 1] & 0xff) << 8
        | (buffer[offset + 2] & 0xff) << 16
        | buffer[offset + 3] << 24;
  }

  final int byteAt(int offset) {
    return buffer[offset];
  }

  final void patchByte(int offset, int displacement) {
    buffer[offset] = (byte) checkRel8(displacement);
  }

  private static int checkRel8(int displacement) {
    if (displacement != (byte) displacement) {
      throw new IllegalStateException("short branch out of range: " + displacement);
    }
    return displacement;
  }
}
