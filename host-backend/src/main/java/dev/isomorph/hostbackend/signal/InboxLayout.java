package dev.isomorph.hostbackend.signal;

/**
 * Offsets in the off-heap structure that {@link SignalInbox} shares with its emitted handler.
 *
 * <p>The queue is a ring of siginfo_t with any number of producers and one consumer. A producer
 * claims an entry by raising the tail, fills it, and publishes it by storing its first word, the
 * signal's number, last; the consumer clears that word before it raises the head.
 */
final class InboxLayout {
  private InboxLayout() {}

  /** Entries claimed so far, an int that wraps. */
  static final int TAIL = 0;

  /** Entries taken so far, an int that wraps. */
  static final int HEAD = 64;

  /** Set of signals that came while the queue was full. */
  static final int OVERFLOW = 72;

  /** Address of the byte to be set when something has been queued. */
  static final int POLL_FLAG = 80;

  /** Kernel id of the guest's thread, an int; 0 for none. */
  static final int THREAD = 88;

  /** Id of this process, an int. */
  static final int PROCESS = 92;

  /** The signal that breaks a blocking system call, an int. */
  static final int KICK = 96;

  /** Where the poll flag points while no inbox is open. */
  static final int NO_POLL_FLAG = 112;

  /** Number of handlers between queueing a signal and having set the poll flag, an int. */
  static final int ACTIVE = 120;

  /** Handlers of the JVM, by signal number; 0 or 1 where it has none. */
  static final int PREVIOUS = 128;

  static final int QUEUE = 1024;

  /** A power of two. */
  static final int CAPACITY = 512;

  static final int SIZE = QUEUE + CAPACITY * SignalFrame.SIGINFO;
}
