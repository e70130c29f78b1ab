package dev.isomorph.engine;

/**
 * The pages of physical memory that a machine's code may be in, by their number; one stretch of
 * host memory.
 */
public interface Frames {
  /** How many there are; fewer than 2^28. */
  int count();

  /** Host address of a frame's first byte. */
  long hostAddress(int frame);

  /** Bytes of a frame. */
  int SIZE = 4096;
}
