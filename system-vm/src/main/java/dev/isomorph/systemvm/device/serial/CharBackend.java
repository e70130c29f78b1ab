package dev.isomorph.systemvm.device.serial;

/**
 * What the host has at the other end of a character device: a terminal, a file, a socket. Its
 * methods never wait for the host and may be called from any thread; a device calls them while it
 * keeps its own lock, so none calls the frontend back before it returns, but on a thread of its
 * own.
 */
public interface CharBackend extends AutoCloseable {
  /** Tells, once, who takes what comes in; nothing comes before. */
  void connect(CharFrontend frontend);

  /**
   * Sends bytes to the host.
   *
   * @return how many were taken; if not all, {@link CharFrontend#writable} says when to go on
   */
  int write(byte[] bytes, int offset, int length);

  /** The frontend has room again after {@link CharFrontend#receive} took less than it was given. */
  void acceptInput();

  /** Sends what was taken, if the host takes it within a second, and ends. */
  @Override
  void close();
}
