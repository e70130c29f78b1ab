package dev.isomorph.systemvm.device.serial;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;

/**
 * Writes to a stream that may make its writer wait, on an executor. When the stream fails, what is
 * written is lost: the machine goes on without whoever listened.
 */
final class OutputPump {
  private static final int CAPACITY = 1 << 16;
  private static final int CHUNK = 1 << 12;
  private static final long CLOSE_MILLISECONDS = 1000;

  private final OutputStream out;
  private final Executor executor;
  private final ByteQueue queue = new ByteQueue(CAPACITY);
  private final byte[] chunk = new byte[CHUNK];
  private final Runnable onRoom;
  private boolean draining;
  private boolean refused;
  private boolean failed;

  /**
   * @param onRoom called by the executor when there is room again after too little of it
   */
  OutputPump(OutputStream out, Executor executor, Runnable onRoom) {
    this.out = out;
    this.executor = executor;
    this.onRoom = onRoom;
  }

  /** As {@link CharBackend#write}; takes everything if the executor runs its tasks at once. */
  int write(byte[] bytes, int offset, int length) {
    int taken = 0;
    while (taken < length) {
      int more;
      boolean start;
      synchronized (this) {
        if (failed) {
          return length;
        }
        more = queue.add(bytes, offset + taken, length - taken);
        refused |= more == 0;
        start = more > 0 && !draining;
        draining |= start;
      }
      if (more == 0) {
        break;
      }
      taken += more;
      if (start) {
        executor.execute(this::drain);
      }
    }
    return taken;
  }

  private void drain() {
    while (true) {
      int count;
      synchronized (this) {
        count = queue.peek(chunk);
        if (count == 0) {
          draining = false;
          notifyAll();
          return;
        }
      }
      boolean works = send(count);
      boolean wasRefused;
      synchronized (this) {
        failed |= !works;
        queue.remove(count);
        wasRefused = refused;
        refused = false;
        notifyAll();
      }
      if (wasRefused) {
        onRoom.run();
      }
    }
  }

  private boolean send(int count) {
    try {
      out.write(chunk, 0, count);
      out.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until all is sent, for a second at most if nothing moves. */
  synchronized void finish() {
    try {
      int left = queue.size();
      while (draining && !failed) {
        wait(CLOSE_MILLISECONDS);
        if (queue.size() == left) {
          break;
        }
        left = queue.size();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
