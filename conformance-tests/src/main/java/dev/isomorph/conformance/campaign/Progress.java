package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.Terminal;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says how far a campaign is: on a terminal by one line that changes, elsewhere only what it finds.
 */
final class Progress implements Campaign.Listener {
  private static final long REDRAW_NANOS = 250_000_000L;
  private static final String CLEAR = "\r\033[K";

  private final PrintStream out;
  private final boolean terminal = Terminal.isStandardError();
  private long drawn;

  Progress(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void judged(List<Tally> tallies) {
    long now = System.nanoTime();
    if (terminal && now - drawn > REDRAW_NANOS) {
      drawn = now;
      out.print(CLEAR);
      out.print(tallies.stream().map(Tally::summary).collect(Collectors.joining("; ")));
      out.flush();
    }
  }

  @Override
  public synchronized void found(Tally.Difference difference) {
    end();
    out.println(difference.title() + ": " + difference.folder());
  }

  /** Takes the changing line away. */
  synchronized void end() {
    if (terminal && drawn != 0) {
      out.print(CLEAR);
      drawn = 0;
    }
  }
}
