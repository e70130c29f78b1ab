package dev.isomorph.systemvm.device.serial;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A pseudo-terminal (pty(7)) that programs of the host's open by its path. What is sent while no
 * program has it open is lost.
 */
final class PseudoTerminal implements Closeable {
  private static final int POLL = 7;
  private static final int IOCTL = 16;
  private static final int O_RDWR = 0x2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TIOCGPTN = 0x8004_5430;
  private static final int TIOCSPTLCK = 0x4004_5431;

  /** The flags of {@code struct termios} but those of the line's speed and width. */
  private static final int[] COOKING = {0, 4, 12};

  private static final int POLLIN = 0x1;
  private static final int POLLOUT = 0x4;
  private static final int POLLHUP = 0x10;

  /** How often to look whether somebody has opened or closed it. */
  private static final int LOOK_MILLISECONDS = 100;

  private static final int CHUNK = 1 << 12;

  private final long descriptor;
  private final String path;
  private volatile boolean closed;

  private PseudoTerminal(long descriptor, String path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /**
   * A new one, in raw mode.
   *
   * @throws IOException if the host has none
   */
  static PseudoTerminal open() throws IOException {
    long memory = HostMemory.allocate(CHUNK);
    try {
      long master = open("/dev/ptmx", O_NONBLOCK, memory);
      HostMemory.putInt(memory, 0);
      ioctl(master, TIOCSPTLCK, memory);
      ioctl(master, TIOCGPTN, memory);
      String path = "/dev/pts/" + HostMemory.getInt(memory);
      ioctl(master, TCGETS, memory);
      for (int flags : COOKING) {
        HostMemory.putInt(memory + flags, 0);
      }
      ioctl(master, TCSETS, memory);
      // From its first closing on, the kernel tells whether somebody has it open.
      call(HostLinux.CLOSE, open(path, 0, memory), 0, 0);
      return new PseudoTerminal(master, path);
    } finally {
      HostMemory.free(memory, CHUNK);
    }
  }

  private static long open(String path, int flags, long memory) throws IOException {
    HostMemory.putString(memory, path);
    return call(HostLinux.OPEN, memory, O_RDWR | O_NOCTTY | HostLinux.O_CLOEXEC | flags, 0);
  }

  private static void ioctl(long descriptor, int request, long argument) throws IOException {
    call(IOCTL, descriptor, request & 0xffff_ffffL, argument);
  }

  private static long call(long number, long a, long b, long c) throws IOException {
    long result = HostCalls.syscall(number, a, b, c, 0, 0, 0);
    if (result < 0) {
      throw new IOException("the host has no pseudo-terminal to give: errno " + -result);
    }
    return result;
  }

  /** Where programs find it. */
  String path() {
    return path;
  }

  /** What programs write to it. */
  InputStream input() {
    return new Input();
  }

  /** What programs read from it. */
  OutputStream output() {
    return new Output();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      HostCalls.syscall(HostLinux.CLOSE, descriptor, 0, 0, 0, 0, 0);
    }
  }

  /** Reads or writes without waiting; nothing happens once it is closed. */
  private synchronized long transfer(int number, long memory, int length) {
    return closed ? 0 : HostCalls.syscall(number, descriptor, memory, length, 0, 0, 0);
  }

  /** Waits a moment for one of the events; returns what there is. */
  private int poll(int events, long memory) {
    HostMemory.putInt(memory, (int) descriptor);
    HostMemory.putInt(memory + Integer.BYTES, events);
    HostCalls.syscall(POLL, memory, 1, LOOK_MILLISECONDS, 0, 0, 0);
    return HostMemory.getInt(memory + Integer.BYTES) >>> Short.SIZE;
  }

  /** Its memory is kept until the process ends: there are few, and a thread may be reading. */
  private final class Input extends InputStream {
    private final long memory = HostMemory.allocate(CHUNK);

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, to.length);
      if (length == 0) {
        return 0;
      }
      while (!closed) {
        int events = poll(POLLIN, memory);
        if ((events & POLLIN) != 0) {
          int count = (int) transfer(HostLinux.READ, memory, Math.min(length, CHUNK));
          if (count > 0) {
            HostMemory.copyOut(memory, to, offset, count);
            return count;
          }
        }
        if ((events & POLLHUP) != 0) {
          sleep();
        }
      }
      return -1;
    }

    private void sleep() throws IOException {
      try {
        Thread.sleep(LOOK_MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  private final class Output extends OutputStream {
    private final long memory = HostMemory.allocate(CHUNK);

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int done = 0;
      while (done < length && !closed) {
        int events = poll(POLLOUT, memory);
        if ((events & POLLHUP) != 0) {
          return;
        }
        int chunk = Math.min(length - done, CHUNK);
        HostMemory.copyIn(from, offset + done, memory, chunk);
        long taken = transfer(HostLinux.WRITE, memory, chunk);
        done += (int) Math.max(0, taken);
      }
    }
  }
}
