package dev.isomorph.systemvm.device.serial;

/** The machine's end of a character device; backends call it from threads of theirs. */
public interface CharFrontend {
  /**
   * Takes bytes of the host's.
   *
   * @return how many; the rest is to be given again after {@link CharBackend#acceptInput}
   */
  int receive(byte[] bytes, int offset, int length);

  /** Has something done when all that was received has been acted upon. */
  default void afterInput(Runnable what) {
    what.run();
  }

  /** The line is at break. */
  void receiveBreak();

  /** Somebody has come to the other end, and sees what is sent from now on. */
  default void opened() {}

  /** The backend takes bytes again. */
  void writable();
}
