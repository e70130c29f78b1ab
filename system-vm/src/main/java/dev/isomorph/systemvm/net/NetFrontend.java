package dev.isomorph.systemvm.net;

/** The network card's end of its cable; backends call it from threads of theirs. */
public interface NetFrontend {
  /**
   * Takes a frame.
   *
   * @return false if there is no room: the frame is to be given again after {@link
   *     NetBackend#acceptInput}, or lost
   */
  boolean receive(byte[] bytes, int offset, int length);

  /** {@link NetBackend#up} may have changed. */
  void linkChanged();
}
