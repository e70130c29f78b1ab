package dev.isomorph.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which frames may have been written since the translations of their code were looked at. A frame
 * is noted before a hart gets the right to store to it, and once more by each device that writes
 * it; the note is taken when no hart has that right any more.
 */
public final class WrittenFrames {
  private static final VarHandle FLAG = MethodHandles.arrayElementVarHandle(byte[].class);

  private final byte[] flags;

  WrittenFrames(int count) {
    flags = new byte[count];
  }

  /** A frame may be written from now on, or has been; any thread. */
  public void note(int frame) {
    // Without looking first: what a device has written must be seen by whoever takes the note.
    FLAG.setVolatile(flags, frame, (byte) 1);
  }

  boolean isNoted(int frame) {
    return (byte) FLAG.getVolatile(flags, frame) != 0;
  }

  void take(int frame) {
    FLAG.setVolatile(flags, frame, (byte) 0);
  }
}
