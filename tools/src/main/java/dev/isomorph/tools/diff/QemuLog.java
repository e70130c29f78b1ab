package dev.isomorph.tools.diff;

import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what qemu's {@code -d cpu,fpu} prints before each block: the registers, each by name and in
 * hexadecimal. All such dumps of a run have the same form, so that only what differs from the dump
 * before is read.
 */
final class QemuLog {
  private static final byte[] START = " pc ".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 1 << 18;
  private static final int DIGITS = 16;
  private static final int PC = -1;
  private static final int FCSR = -2;
  private static final int OTHER = -3;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int end;

  /** Bounds of the current dump; the one before it is in {@link #previous}. */
  private int start;

  private int length;
  private byte[] previous;

  /** For each byte of a dump: the register whose digits it belongs to, and the first of these. */
  private int[] register;

  private int[] firstDigit;

  QemuLog(InputStream in) {
    this.in = in;
  }

  /**
   * Reads a dump.
   *
   * @param into holds the state of the dump before
   * @return false at the end
   */
  boolean read(GuestState into) throws IOException {
    if (previous == null) {
      return readFirst(into);
    }
    System.arraycopy(buffer, start, previous, 0, length);
    start += length;
    if (!fill(length)) {
      return false;
    }
    int at = 0;
    while (true) {
      int same = Arrays.mismatch(buffer, start + at, start + length, previous, at, length);
      if (same < 0) {
        return true;
      }
      at += same;
      if (firstDigit[at] < 0) {
        throw new IOException("qemu's log has changed its form: '" + lineAt(start + at) + "'");
      }
      at = firstDigit[at];
      set(into, register[at], hex(start + at));
      at += DIGITS;
    }
  }

  private boolean readFirst(GuestState into) throws IOException {
    while (!fill(START.length) || !startsAt(0)) {
      if (end - start < START.length || !skipLine()) {
        return false;
      }
    }
    int at = 1;
    while (!startsAt(at)) {
      if (start + at + START.length >= end && !fill(at + START.length + 1)) {
        return false;
      }
      at++;
    }
    length = at;
    previous = new byte[length];
    learn(into);
    return true;
  }

  private boolean skipLine() throws IOException {
    while (fill(1)) {
      if (buffer[start++] == '\n') {
        return true;
      }
    }
    return false;
  }

  private boolean startsAt(int at) {
    return start + at + START.length <= end
        && Arrays.equals(buffer, start + at, start + at + START.length, START, 0, START.length);
  }

  /** Finds the registers in the first dump. */
  private void learn(GuestState into) {
    register = new int[length];
    firstDigit = new int[length];
    Arrays.fill(firstDigit, -1);
    String text = new String(buffer, start, length, StandardCharsets.US_ASCII);
    int at = 0;
    String name = "";
    while (at < length) {
      int stop = at;
      while (stop < length && text.charAt(stop) > ' ') {
        stop++;
      }
      if (stop - at == DIGITS) {
        int number = numberOf(name);
        register[at] = number;
        Arrays.fill(firstDigit, at, stop, at);
        set(into, number, hex(start + at));
      } else if (stop > at) {
        name = text.substring(at, stop);
      }
      at = stop + 1;
    }
  }

  private static int numberOf(String name) {
    if (name.equals("pc")) {
      return PC;
    }
    if (name.equals("fcsr")) {
      return FCSR;
    }
    int slash = name.indexOf('/');
    if (slash < 2) {
      return OTHER;
    }
    int number = Integer.parseInt(name.substring(1, slash));
    return name.charAt(0) == 'x' ? StateSlot.x(number) : StateSlot.f(number);
  }

  private static void set(GuestState state, int register, long value) {
    switch (register) {
      case PC -> state.pc = value;
      case FCSR -> {
        state.fcsr = (int) value;
        state.fcsrKnown = true;
      }
      case OTHER -> {}
      default -> state.set(register, value);
    }
  }

  private long hex(int at) {
    long value = 0;
    for (int i = 0; i < DIGITS; i++) {
      int c = buffer[at + i];
      value = value << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
  }

  private String lineAt(int at) {
    int stop = at;
    while (stop < end && buffer[stop] != '\n') {
      stop++;
    }
    return new String(buffer, at, stop - at, StandardCharsets.ISO_8859_1);
  }

  /** Sees to it that so many bytes are held from {@link #start} on; false if the log ends. */
  private boolean fill(int bytes) throws IOException {
    while (end - start < bytes) {
      if (start + bytes > buffer.length) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
      }
      int count = in.read(buffer, end, buffer.length - end);
      if (count < 0) {
        return false;
      }
      end += count;
    }
    return true;
  }
}
