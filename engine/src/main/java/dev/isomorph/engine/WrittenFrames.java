package dev.isomorph.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which frames may have been written since the translations of their code were looked at. A frame
 * is noted before a hart gets the right to store to it, and once more by each device that writes
 * it; the note is taken when no hart has that right any more.
 */
public final class WrittenFrames {
  private static final VarHandle FLAGS = MethodHandles.arrayElementVarHandle(byte[].class);

  /** Flags of a frame. */
  private static final byte NOTED = 1;

  private static final byte HAS_CODE = 2;

  private final byte[] flags;

  /** Whether a frame with code may be noted; never false when one is. */
  private volatile boolean suspicious;

  WrittenFrames(int count) {
    flags = new byte[count];
  }

  /** A frame may be written from now on, or has been; any thread. */
  public void note(int frame) {
    // Without looking first: what a device has written must be seen by whoever takes the note.
    byte before = (byte) FLAGS.getAndBitwiseOr(flags, frame, NOTED);
    if ((before & HAS_CODE) != 0) {
      suspicious = true;
    }
  }

  /** A frame has translations from now on. */
  void occupied(int frame) {
    byte before = (byte) FLAGS.getAndBitwiseOr(flags, frame, HAS_CODE);
    if ((before & NOTED) != 0) {
      suspicious = true;
    }
  }

  /** A frame has no translations any more. */
  void vacated(int frame) {
    FLAGS.getAndBitwiseAnd(flags, frame, (byte) ~HAS_CODE);
  }

  /**
   * Whether a frame with code may have been noted since this was asked last. Whoever is told so is
   * to look at all of them.
   */
  boolean takeSuspicion() {
    if (!suspicious) {
      return false;
    }
    suspicious = false;
    return true;
  }

  /** Whether a frame is noted. */
  public boolean isNoted(int frame) {
    return ((byte) FLAGS.getVolatile(flags, frame) & NOTED) != 0;
  }

  void take(int frame) {
    FLAGS.getAndBitwiseAnd(flags, frame, (byte) ~NOTED);
  }
}
