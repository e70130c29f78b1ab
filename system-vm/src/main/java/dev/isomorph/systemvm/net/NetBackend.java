package dev.isomorph.systemvm.net;

/**
 * The far end of a network card's cable. Frames are Ethernet frames without preamble and checksum.
 */
public interface NetBackend extends AutoCloseable {
  /** Longest frame that is carried: the most that fits into an IP packet, and its header. */
  int LONGEST_FRAME = 14 + 65535;

  /** Shortest frame: a header. */
  int SHORTEST_FRAME = 14;

  /** Tells, once, who takes the frames that come; none come before. */
  void connect(NetFrontend frontend);

  /** Whether there is somebody at the far end. */
  boolean up();

  /**
   * Sends a frame. It is lost where nobody takes it; where the far end is slow, this waits for it.
   */
  void send(byte[] bytes, int offset, int length);

  /** The frontend has room again after {@link NetFrontend#receive} refused a frame. */
  void acceptInput();

  /** Ends; nothing is sent or received any more. */
  @Override
  void close();
}
