package dev.isomorph.tools.root;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/** Says how far a download is: one line that changes on a terminal, plain lines elsewhere. */
final class Progress {
  private static final long REDRAW_NANOS = 100_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final AtomicLong bytes = new AtomicLong();
  private long start = System.nanoTime();
  private int packages;
  private long totalBytes;
  private int done;
  private long drawn;
  private String current = "";

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void line(String text) {
    clear();
    out.println(text);
  }

  /** The download begins. */
  void expect(int packages, long totalBytes) {
    this.start = System.nanoTime();
    this.packages = packages;
    this.totalBytes = totalBytes;
  }

  /** More bytes came; called from several threads. */
  void received(long count) {
    bytes.addAndGet(count);
    redraw();
  }

  synchronized void unpacked(DebianPackage each) {
    done++;
    current = each.toString();
    if (terminal) {
      drawn = 0;
      redraw();
    } else {
      out.println("[" + done + "/" + packages + "] " + each + " (" + size(each.size()) + ")");
    }
  }

  void finished() {
    clear();
    double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    out.println(
        done
            + (done == 1 ? " package, " : " packages, ")
            + size(bytes.get())
            + " in "
            + tenths(seconds)
            + " s ("
            + size((long) (bytes.get() / seconds))
            + "/s)");
  }

  private synchronized void redraw() {
    long now = System.nanoTime();
    if (!terminal || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double seconds = Math.max(1e-3, (now - start) / 1e9);
    out.print(
        "\r\033[K"
            + done
            + "/"
            + packages
            + " packages  "
            + size(bytes.get())
            + " of "
            + size(totalBytes)
            + "  "
            + size((long) (bytes.get() / seconds))
            + "/s  "
            + current);
    out.flush();
  }

  private synchronized void clear() {
    if (terminal && drawn != 0) {
      out.print("\r\033[K");
      drawn = 0;
    }
  }

  /** A number of bytes as people read it. */
  static String size(long bytes) {
    return bytes < 1_000_000 ? (bytes + 500) / 1000 + " kB" : tenths(bytes / 1e6) + " MB";
  }

  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }
}
