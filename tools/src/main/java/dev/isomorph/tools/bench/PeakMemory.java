package dev.isomorph.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Watches how much memory a process has at most: the high-water mark that Linux keeps (VmHWM in
 * proc(5)), read often, as it goes with the process.
 */
final class PeakMemory {
  private static final int OFTEN_MILLISECONDS = 1;
  private static final int SELDOM_MILLISECONDS = 10;

  /** Looks before they become rarer. */
  private static final int FIRST_LOOKS = 50;

  private static final String KEY = "VmHWM:";

  private final Path status;
  private final Thread thread;
  private volatile long kib;

  private PeakMemory(long pid) {
    status = Path.of("/proc", Long.toString(pid), "status");
    thread = new Thread(this::watch, "memory of " + pid);
    thread.setDaemon(true);
  }

  static PeakMemory of(long pid) {
    PeakMemory memory = new PeakMemory(pid);
    memory.thread.start();
    return memory;
  }

  /** The most that was seen, in KiB; the process has ended. */
  long kib() throws InterruptedException {
    thread.join();
    return kib;
  }

  private void watch() {
    try {
      for (int looks = 0; look(); looks++) {
        Thread.sleep(looks < FIRST_LOOKS ? OFTEN_MILLISECONDS : SELDOM_MILLISECONDS);
      }
    } catch (IOException | InterruptedException over) {
      // The process has ended.
    }
  }

  /** Whether there is still something to see. */
  private boolean look() throws IOException {
    for (String line : Files.readString(status).split("\n")) {
      if (line.startsWith(KEY)) {
        String digits = line.substring(KEY.length()).strip().split(" ")[0];
        kib = Math.max(kib, Long.parseLong(digits));
        return true;
      }
    }
    return false; // A zombie has no memory.
  }
}
