package dev.isomorph.processvm.report;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * Text for people on a descriptor of the host, of which it keeps a copy, so that a guest may close
 * its own. Text is one byte per char and is held back until it is much or {@link #flush} is called.
 *
 * <p>Processes share it: who prints what belongs together holds the sink's monitor meanwhile.
 */
public final class TextSink {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int WRITE = 1;
  private static final int FCNTL = 72;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FIRST_FREE = 3;
  private static final int BUFFER = 1 << 16;

  private final long descriptor;
  private final long buffer = HostMemory.allocate(BUFFER);
  private int held;

  public TextSink(int descriptor) {
    long copy = HostCalls.syscall(FCNTL, descriptor, F_DUPFD_CLOEXEC, FIRST_FREE, 0, 0, 0);
    this.descriptor = copy < 0 ? descriptor : copy;
  }

  public synchronized TextSink print(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
    return this;
  }

  public TextSink print(long number) {
    return print(Long.toString(number));
  }

  /** Prints a number in hexadecimal with at least so many digits. */
  public synchronized TextSink hex(long number, int digits) {
    String text = Long.toHexString(number);
    for (int i = text.length(); i < digits; i++) {
      put('0');
    }
    return print(text);
  }

  public synchronized TextSink newLine() {
    put('\n');
    return this;
  }

  private void put(char character) {
    if (held == BUFFER) {
      flush();
    }
    HostMemory.putByte(buffer + held++, (byte) character);
  }

  /** Writes what has been held back. */
  public synchronized void flush() {
    int done = 0;
    while (done < held) {
      long result = HostCalls.syscall(WRITE, descriptor, buffer + done, held - done, 0, 0, 0);
      if (result == -Errno.EINTR) {
        continue;
      }
      if (result <= 0) {
        break; // There is nobody left to tell.
      }
      done += (int) result;
    }
    held = 0;
  }
}
