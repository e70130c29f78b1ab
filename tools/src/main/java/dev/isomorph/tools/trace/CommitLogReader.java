package dev.isomorph.tools.trace;

import dev.isomorph.tools.Failures;
import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a commit log as Spike and {@link CommitLogWriter} write it, line by line. Lines that are no
 * commits are passed over: the disassembly that Spike's {@code -l} adds, its notes of exceptions,
 * and comments. Vector state is passed over, too.
 */
public final class CommitLogReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  /** Longest line: the commit of a vector instruction with its memory accesses. */
  private static final int LONGEST_LINE = 1 << 20;

  private final InputStream in;
  private final String name;
  private byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;

  /** Bounds of the current line within the buffer. */
  private int at;

  private int lineEnd;
  private long line;

  /**
   * Makes a reader.
   *
   * @param name what the log is called in messages
   */
  public CommitLogReader(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Number of the line last read, from 1. */
  public long line() {
    return line;
  }

  /**
   * Reads up to the next commit.
   *
   * @return false at the end of the log
   * @throws IOException also if a commit's line is malformed
   */
  public boolean read(Commit into) throws IOException {
    while (nextLine()) {
      if (startsCommit(into)) {
        effects(into);
        return true;
      }
    }
    return false;
  }

  private boolean nextLine() throws IOException {
    int scanned = next;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return takeLine(i, i + 1);
        }
      }
      scanned = end;
      if (next > 0) {
        System.arraycopy(buffer, next, buffer, 0, end - next);
        scanned -= next;
        end -= next;
        next = 0;
      }
      if (end == buffer.length) {
        if (end >= LONGEST_LINE) {
          throw new IOException(name + ": line " + (line + 1) + " is too long for a commit log");
        }
        buffer = Arrays.copyOf(buffer, 2 * end);
      }
      int count = fill();
      if (count < 0) {
        // A line without its end was cut off: what it says may not be all.
        return false;
      }
      end += count;
    }
  }

  private int fill() throws IOException {
    try {
      return in.read(buffer, end, buffer.length - end);
    } catch (IOException e) {
      throw new IOException(name + ": after line " + line + ": " + Failures.reason(e), e);
    }
  }

  private boolean takeLine(int stop, int following) {
    at = next;
    lineEnd = stop > at && buffer[stop - 1] == '\r' ? stop - 1 : stop;
    next = following;
    line++;
    return true;
  }

  /** Reads {@code core 0: 0 0x… (0x…)}; false if the line is of another kind. */
  private boolean startsCommit(Commit into) throws IOException {
    if (!skip("core")) {
      return false;
    }
    skipBlanks();
    int core = (int) decimal();
    if (!skip(":")) {
      return false;
    }
    skipBlanks();
    if (at + 1 >= lineEnd || !isDigit(buffer[at]) || buffer[at + 1] != ' ') {
      return false;
    }
    int privilege = buffer[at] - '0';
    at += 2;
    long pc = hex();
    if (!skip(" (")) {
      throw malformed();
    }
    long encoding = hex();
    if (!skip(")")) {
      throw malformed();
    }
    into.begin(core, privilege, pc, (int) encoding);
    return true;
  }

  private void effects(Commit into) throws IOException {
    while (true) {
      skipBlanks();
      if (at == lineEnd) {
        break;
      }
      int kind = buffer[at];
      if (skip("mem ")) {
        access(into);
      } else if (kind == 'x' || kind == 'f' || kind == 'c') {
        at++;
        register(into, kind);
      } else {
        skipWord();
        if (kind == 'v') {
          skipBlanks();
          skipWord();
        }
      }
    }
    into.reverseWrites();
  }

  private void register(Commit into, int kind) throws IOException {
    int number = (int) decimal();
    if (kind == 'c') {
      skipWord();
    }
    skipBlanks();
    long value = hex();
    if (number >= (kind == 'c' ? Commit.CSR : StateSlot.F0)) {
      throw malformed();
    }
    into.write(
        switch (kind) {
          case 'x' -> StateSlot.x(number);
          case 'f' -> StateSlot.f(number);
          default -> Commit.CSR + number;
        },
        value);
  }

  private void access(Commit into) throws IOException {
    long address = hex();
    if (at + 1 < lineEnd && buffer[at] == ' ' && buffer[at + 1] == '0') {
      at++;
      int start = at;
      long value = hex();
      into.store(address, value, (at - start - 2) / 2);
    } else {
      into.load(address);
    }
  }

  private boolean skip(String text) {
    if (lineEnd - at < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (buffer[at + i] != text.charAt(i)) {
        return false;
      }
    }
    at += text.length();
    return true;
  }

  private void skipBlanks() {
    while (at < lineEnd && buffer[at] == ' ') {
      at++;
    }
  }

  private void skipWord() {
    while (at < lineEnd && buffer[at] != ' ') {
      at++;
    }
  }

  private long decimal() throws IOException {
    int start = at;
    long value = 0;
    while (at < lineEnd && isDigit(buffer[at]) && at - start < 9) {
      value = 10 * value + buffer[at++] - '0';
    }
    if (at == start) {
      throw malformed();
    }
    return value;
  }

  private long hex() throws IOException {
    if (!skip("0x")) {
      throw malformed();
    }
    int start = at;
    long value = 0;
    while (at < lineEnd) {
      int digit = Character.digit(buffer[at], 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
      at++;
    }
    if (at == start || at - start > 16) {
      throw malformed();
    }
    return value;
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private IOException malformed() {
    String text = new String(buffer, at, Math.min(lineEnd - at, 40), StandardCharsets.ISO_8859_1);
    return new IOException(name + ": line " + line + " is no commit log's: '" + text + "'");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
