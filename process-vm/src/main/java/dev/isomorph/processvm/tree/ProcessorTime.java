package dev.isomorph.processvm.tree;

/** Processor time, in microseconds. */
public final class ProcessorTime {
  private long user;
  private long system;

  /** Adds to it. */
  public synchronized void add(long userMicroseconds, long systemMicroseconds) {
    user += userMicroseconds;
    system += systemMicroseconds;
  }

  /** Adds another to it. */
  public void add(ProcessorTime other) {
    add(other.user(), other.system());
  }

  public synchronized long user() {
    return user;
  }

  public synchronized long system() {
    return system;
  }
}
