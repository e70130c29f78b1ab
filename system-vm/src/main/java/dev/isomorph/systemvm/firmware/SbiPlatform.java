package dev.isomorph.systemvm.firmware;

/**
 * What the built-in firmware needs of the machine. It calls from the thread of the hart that made
 * the call; harts are numbered from 0, and a set of them is a word with bit n for hart n.
 */
public interface SbiPlatform {
  /** How many harts there are, at most 64. */
  int harts();

  /** The JEDEC number of the maker, as in {@code mvendorid}. */
  long vendor();

  /** As in {@code marchid}. */
  long architecture();

  /** As in {@code mimpid}. */
  long implementation();

  /** Takes back the hart's supervisor timer interrupt, and raises it at that time (unsigned). */
  void setTimer(int hart, long tick);

  /** Raises the supervisor software interrupt of these harts. */
  void raiseSoftwareInterrupts(long harts);

  /** Takes back the supervisor software interrupt of a hart. */
  void clearSoftwareInterrupt(int hart);

  /**
   * Has harts execute a fence, and returns when they have; the caller may be one of them. Harts
   * that are stopped need not.
   *
   * @param from the hart that asks
   */
  void fence(int from, long harts, RemoteFence fence);

  /** What a hart is doing. */
  HartState state(int hart);

  /**
   * Starts a stopped hart in supervisor mode, without address translation or interrupts, with a0
   * its number and a1 {@code opaque}.
   *
   * @return false if it is not stopped
   */
  boolean start(int hart, long address, long opaque);

  /** Has the calling hart stop when the call has returned; its registers do not matter any more. */
  void stop(int hart);

  /**
   * Has the calling hart wait until an interrupt that it has enabled is pending; returns at once or
   * then.
   */
  void suspend(int hart);

  /** Like {@link #suspend}, after which the hart begins as by {@link #start}. */
  void suspendAndStart(int hart, long address, long opaque);

  /** Ends the machine, or starts it again, when the call has returned. */
  void reset(Reset reset);

  /** Whether all of [address, address + length) is RAM; any values are allowed. */
  boolean isRam(long address, long length);

  /** Reads RAM. */
  void read(long address, byte[] to, int length);

  /** Writes RAM. */
  void write(long address, byte[] from, int length);

  /** Writes to the console. */
  void print(byte[] text, int length);

  /**
   * What has been typed on the console.
   *
   * @return a byte from 0, or -1 if there is none yet
   */
  int typed();

  /** Sets a counter of a hart's: 0 cycles, 2 instructions retired. */
  void setCounter(int hart, int index, long value);

  /** Lets such a counter count, or not ({@code mcountinhibit}). */
  void letCount(int hart, int index, boolean on);
}
