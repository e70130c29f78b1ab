package dev.isomorph.systemvm.device;

/** A clock that can be made to stand still; it does until {@link #resume}. */
public interface StoppableClock extends MachineClock, AutoCloseable {
  /** Lets time go on. */
  void resume();

  /** Stops time; no timer's action runs any more when this returns. */
  void pause();

  /** Stops time for good. */
  @Override
  void close();
}
