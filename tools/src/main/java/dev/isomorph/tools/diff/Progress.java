package dev.isomorph.tools.diff;

import dev.isomorph.tools.StandardError;
import dev.isomorph.tools.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** Says on a terminal how far a comparison is. */
final class Progress {
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final int UPDATES_PER_LOOK = 1 << 12;

  /** A guest may close its standard error; this is not its. */
  private final PrintStream out = new PrintStream(new StandardError());

  private final boolean terminal = Terminal.isStandardError();
  private final long start = System.nanoTime();
  private final DoubleSupplier share;
  private int updates;
  private long drawn;

  /**
   * Makes a display.
   *
   * @param share how much of the witness's log has been read, 0 to 1; null if nobody knows
   */
  Progress(DoubleSupplier share) {
    this.share = share;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  void update(long instructions) {
    if (!terminal || ++updates % UPDATES_PER_LOOK != 0) {
      return;
    }
    long now = System.nanoTime();
    if (now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    out.printf(
        Locale.ROOT,
        "\r\033[K%.1f million instructions agree, %.2f million a second%s",
        instructions / 1e6,
        instructions / 1e6 / Math.max(seconds(), 1e-3),
        share == null ? "" : String.format(Locale.ROOT, ", %.0f %%", 100 * share.getAsDouble()));
    out.flush();
  }

  /** Ends the display with a text that stays. */
  void conclude(String text) {
    if (drawn != 0) {
      out.print("\r\033[K");
      drawn = 0;
    }
    out.print(text);
    out.flush();
  }
}
