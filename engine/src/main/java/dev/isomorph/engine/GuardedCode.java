package dev.isomorph.engine;

import dev.isomorph.hostbackend.signal.GuardedAccess;
import dev.isomorph.translator.lift.CodeSource;

/**
 * Fetches instructions from guest memory as {@link GuestCode} does, but may do so while other
 * threads unmap it: what has gone cannot be fetched. It looks at each line of code once.
 */
final class GuardedCode implements CodeSource, AutoCloseable {
  private static final int STRETCH = 4096;

  /** The address of no line. */
  private static final long NONE = 1;

  private final GuestMemory memory;
  private final GuardedAccess access = new GuardedAccess();
  private long start;
  private long end;
  private long line = NONE;

  GuardedCode(GuestMemory memory) {
    this.memory = memory;
  }

  /** Forgets what was there; to be called before each translation. */
  void refresh() {
    start = 0;
    end = 0;
    line = NONE;
  }

  @Override
  public int parcel(long pc) {
    if ((pc & -GuardedAccess.LINE) != line && !fetch(pc & -GuardedAccess.LINE)
        || (pc < start || pc > end - 2) && !reaches(pc)) {
      return -1;
    }
    return access.fetched((int) (pc - line));
  }

  private boolean fetch(long at) {
    line = access.fetch(memory.windowBase() + at) ? at : NONE;
    return line == at;
  }

  private boolean reaches(long pc) {
    start = pc;
    end = pc + memory.fetchable(pc, STRETCH);
    return pc <= end - 2;
  }

  @Override
  public void close() {
    access.close();
  }
}
