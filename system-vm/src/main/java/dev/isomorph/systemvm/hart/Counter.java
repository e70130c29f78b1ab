package dev.isomorph.systemvm.hart;

/** A counter that software can set and stop: something counted by others, and an offset. */
final class Counter {
  private long offset;
  private boolean stopped;
  private long value;

  /** What it shows when {@code count} has been counted. */
  long read(long count) {
    return stopped ? value : count + offset;
  }

  /** Makes it show {@code newValue} when {@code count} has been counted. */
  void write(long newValue, long count) {
    value = newValue;
    offset = newValue - count;
  }

  boolean isStopped() {
    return stopped;
  }

  void stop(boolean stop, long count) {
    write(read(count), count);
    stopped = stop;
  }
}
